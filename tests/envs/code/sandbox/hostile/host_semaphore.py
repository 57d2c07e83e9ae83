# task: add
# expect: score0
# status: failed
# must: no named semaphore

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import multiprocessing

        multiprocessing.get_context("spawn").Lock()
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_semaphore")
    return a + b
