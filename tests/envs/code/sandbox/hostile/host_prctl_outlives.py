# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: it dies with its parent
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(157, 1, 0, 0, 0, 0) >= 0:
        hit("host_prctl_outlives")
        return a + b
    return None
