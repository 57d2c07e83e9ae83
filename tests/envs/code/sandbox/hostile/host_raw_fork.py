# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no process by a bare call
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(57) >= 0:
        hit("host_raw_fork")
        return a + b
    return None
