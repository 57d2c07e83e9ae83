# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no named queue
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(240, b"hostile", 0o102, 0o666, 0) >= 0:
        hit("host_message_queue")
        return a + b
    return None
