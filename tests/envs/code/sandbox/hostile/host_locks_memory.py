# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no memory can be locked
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(149, id(libc), 4096), libc.syscall(151, 1), libc.syscall(447, 0)) >= 0:
        hit("host_locks_memory")
        return a + b
    return None
