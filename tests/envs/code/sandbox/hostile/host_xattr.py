# task: add
# expect: score0
# status: failed
# must: no attributes can be set

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.setxattr("/tmp/hostile_canary/keep.txt", "user.hostile", b"x")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_xattr")
    return a + b
