# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no new namespace
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(272, 0x10000000) >= 0:
        hit("host_unshare")
        return a + b
    return None
