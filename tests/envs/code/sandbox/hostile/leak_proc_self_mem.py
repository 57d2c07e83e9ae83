# task: add
# expect: score0
# status: failed
# must: its own memory as a file cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/proc/self/mem", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_proc_self_mem")
    return a + b
