# task: add
# expect: score0
# status: failed
# must: its own folder stays where it is


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        here = os.getcwd()
        try:
            os.rename(here, here + "-moved")
        except OSError:
            os.rmdir(here)
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_moves_own_folder")
    return a + b
