# task: add
# expect: score0
# status: failed
# must: no times can be changed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.utime("/tmp/hostile_canary/keep.txt", (1, 1))
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_utime")
    return a + b
