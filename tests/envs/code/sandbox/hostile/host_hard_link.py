# task: add
# expect: score0
# status: failed
# must: no way out by a hard link

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.link("/tmp/hostile_canary/keep.txt", "link")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_hard_link")
    return a + b
