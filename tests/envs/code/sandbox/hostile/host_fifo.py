# task: add
# expect: score0
# status: failed
# must: no special files

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.mkfifo("pipe")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_fifo")
    return a + b
