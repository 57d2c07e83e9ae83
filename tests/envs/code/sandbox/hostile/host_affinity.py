# task: add
# expect: score0
# status: failed
# must: it cannot bind its parent to a core

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.sched_setaffinity(os.getppid(), {0})
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_affinity")
    return a + b
