# task: add
# expect: score0
# status: failed
# must: no owner can be changed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.chown("/tmp/hostile_canary/keep.txt", 65534, 65534)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_chown")
    return a + b
