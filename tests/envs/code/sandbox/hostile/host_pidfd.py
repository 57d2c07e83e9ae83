# task: add
# expect: score0
# status: failed
# must: no handle on another process


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.close(os.pidfd_open(os.getppid()))
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_pidfd")
    return a + b
