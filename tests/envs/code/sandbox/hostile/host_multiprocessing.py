# task: add
# expect: score0
# status: failed
# must: no child by way of a library

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import multiprocessing

        child = multiprocessing.get_context("fork").Process(target=print)
        child.start()
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_multiprocessing")
    return a + b
