# task: add
# expect: score0
# status: failed
# must: nothing outside can be moved

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.rename("/tmp/hostile_canary/keep.txt", "keep.txt")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_renames")
    return a + b
