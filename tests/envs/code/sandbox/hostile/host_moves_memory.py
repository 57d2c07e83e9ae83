# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no pages are moved or lent
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(279, 0, 0, 0, 0, 0, 0), libc.syscall(256, 0, 0, 0, 0), libc.syscall(278, 1, 0, 0, 0), libc.syscall(440, -1, 0, 0, 0, 0)) >= 0:
        hit("host_moves_memory")
        return a + b
    return None
