# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no user page faults
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(323, 0) >= 0:
        hit("host_userfaultfd")
        return a + b
    return None
