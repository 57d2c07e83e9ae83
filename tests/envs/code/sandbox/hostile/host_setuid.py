# task: add
# expect: score0
# status: failed
# must: it cannot become somebody else

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.setuid(0)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_setuid")
    return a + b
