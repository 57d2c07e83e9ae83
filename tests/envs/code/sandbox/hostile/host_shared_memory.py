# task: add
# expect: score0
# status: failed
# must: nothing outlives the run in shared memory

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        from multiprocessing import shared_memory

        shared_memory.SharedMemory(create=True, size=64, name="hostile_state").close()
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_shared_memory")
    return a + b
