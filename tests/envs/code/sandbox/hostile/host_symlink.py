# task: add
# expect: score0
# status: failed
# must: no way out by a link

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.symlink("/tmp/hostile_canary/keep.txt", "link")
        open("link", "w").write("gone")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_symlink")
    return a + b
