# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: the newest way to fork is unknown here
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(435, 0, 0) >= 0:
        hit("host_clone3")
        return a + b
    return None
