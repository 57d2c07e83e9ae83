# task: add
# expect: score0
# status: failed
# must: the kernel by way of /sys cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/sys/kernel/notes", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_sys")
    return a + b
