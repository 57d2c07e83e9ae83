# task: add
# expect: score0
# status: failed
# must: the folder around its own cannot be listed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.listdir("..")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_lists_parent")
    return a + b
