# task: add
# expect: score0
# status: failed
# must: the command line of process 1 cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/proc/1/cmdline", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_proc_parent_cmdline")
    return a + b
