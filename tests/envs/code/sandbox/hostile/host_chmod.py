# task: add
# expect: score0
# status: failed
# must: no rights can be changed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.chmod("/tmp/hostile_canary/keep.txt", 0o777)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_chmod")
    return a + b
