# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no programs for the kernel
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(321, 0, 0, 0) >= 0:
        hit("host_bpf")
        return a + b
    return None
