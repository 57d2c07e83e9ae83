# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: timers and signals by way of files are not needed
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(283, 0, 0), libc.syscall(289, -1, bytes(8), 8, 0), libc.syscall(222, 0, 0, bytes(8))) >= 0:
        hit("host_timers_and_signals_as_files")
        return a + b
    return None
