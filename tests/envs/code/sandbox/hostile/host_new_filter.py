# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no filter that answers for the kernel
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(317, 1, 8, bytes(16)), libc.prctl(22, 2, bytes(16), 0, 0)) >= 0:
        hit("host_new_filter")
        return a + b
    return None
