# task: add
# expect: score0
# status: failed
# must: no process can be started

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        if os.fork() == 0:
            os._exit(0)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_fork")
    return a + b
