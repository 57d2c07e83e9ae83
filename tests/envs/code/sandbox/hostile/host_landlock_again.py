# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no rules of its own
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(444, 0, 0, 1), libc.syscall(446, 0, 0)) >= 0:
        hit("host_landlock_again")
        return a + b
    return None
