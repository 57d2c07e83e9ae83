# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: nothing can be mounted
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(165, b"none", b"/tmp", b"tmpfs", 0, 0) >= 0:
        hit("host_mount")
        return a + b
    return None
