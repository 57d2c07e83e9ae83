# task: add
# expect: score0
# status: failed
# must: the process cannot become another program

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.execv("/bin/true", ["true"])
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_exec")
    return a + b
