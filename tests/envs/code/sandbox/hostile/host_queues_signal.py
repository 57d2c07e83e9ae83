# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no signal by way of a queue
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(129, libc.getppid(), 0, bytes(128)), libc.syscall(297, libc.getppid(), libc.getppid(), 0, bytes(128))) >= 0:
        hit("host_queues_signal")
        return a + b
    return None
