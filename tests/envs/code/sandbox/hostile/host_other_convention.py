# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: x86_64's other calling convention is no way round
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(0x40000000 + 39) >= 0:
        hit("host_other_convention")
        return a + b
    return None
