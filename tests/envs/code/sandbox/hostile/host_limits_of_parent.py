# task: add
# expect: score0
# status: failed
# must: nor those of others lowered

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os, resource

        resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_limits_of_parent")
    return a + b
