# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no memory of others can be written
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(311, libc.getppid(), 0, 0, 0, 0, 0) >= 0:
        hit("host_writes_memory_of_parent")
        return a + b
    return None
