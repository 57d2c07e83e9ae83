# task: add
# expect: score0
# status: failed
# must: all processes at once are out of reach


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.kill(-1, 0)
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_signals_everyone")
    return a + b
