# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no process can be traced
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(101, 16, __import__("os").getppid(), 0, 0) >= 0:
        hit("host_ptrace")
        return a + b
    return None
