# task: add
# expect: score0
# status: failed
# must: the processes cannot be listed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.listdir("/proc")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_lists_proc")
    return a + b
