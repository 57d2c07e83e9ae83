# task: add
# expect: score0
# status: failed
# must: it cannot stop itself to be overlooked

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os, signal

        os.kill(os.getpid(), signal.SIGSTOP)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_stops_itself")
    return a + b
