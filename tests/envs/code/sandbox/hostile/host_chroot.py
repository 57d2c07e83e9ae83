# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no other root
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(161, b".") >= 0:
        hit("host_chroot")
        return a + b
    return None
