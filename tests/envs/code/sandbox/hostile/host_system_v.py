# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: nothing outlives the run in the old kind of shared memory, semaphores and queues
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(29, 0, 4096, 0o1666), libc.syscall(64, 0, 1, 0o1666), libc.syscall(68, 0, 0o1666)) >= 0:
        hit("host_system_v")
        return a + b
    return None
