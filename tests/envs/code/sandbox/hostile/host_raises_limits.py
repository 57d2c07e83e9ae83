# task: add
# expect: score0
# status: failed
# must: limits cannot be raised

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_raises_limits")
    return a + b
