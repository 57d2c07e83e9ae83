# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no program by way of an open file
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(322, 0, b"", 0, 0, 0x1000) >= 0:
        hit("host_execveat")
        return a + b
    return None
