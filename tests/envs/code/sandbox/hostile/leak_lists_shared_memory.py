# task: add
# expect: score0
# status: failed
# must: shared memory cannot be listed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.listdir("/dev/shm")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_lists_shared_memory")
    return a + b
