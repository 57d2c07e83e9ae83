# task: add
# expect: score0
# status: failed
# must: the environment it was started with cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/proc/self/environ", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_proc_environ")
    return a + b
