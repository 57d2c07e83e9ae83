# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no signal to a thread of another process
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(200, libc.getppid(), 0) >= 0:
        hit("host_signals_thread")
        return a + b
    return None
