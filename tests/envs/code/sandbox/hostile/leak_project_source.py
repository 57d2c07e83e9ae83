# task: add
# expect: score0
# must: the project itself is not there

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import syllogym.cli
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_project_source")
    return a + b
