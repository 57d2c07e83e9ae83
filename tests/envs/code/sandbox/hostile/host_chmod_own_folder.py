# task: add
# expect: score0
# status: failed
# must: its own folder stays removable

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.chmod(".", 0)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_chmod_own_folder")
    return a + b
