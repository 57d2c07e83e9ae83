# task: add
# expect: score0
# status: failed
# must: the parent is out of reach

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os, signal

        os.kill(os.getppid(), signal.SIGTERM)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_signal_parent")
    return a + b
