# task: add
# expect: score0
# status: failed
# must: it cannot push ahead

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.nice(-5)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_priority")
    return a + b
