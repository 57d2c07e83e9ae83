# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: the clock cannot be set
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(227, 0, bytes(16)), libc.syscall(164, bytes(16), 0), libc.syscall(159, bytes(208)), libc.syscall(305, 0, bytes(208))) >= 0:
        hit("host_clock")
        return a + b
    return None
