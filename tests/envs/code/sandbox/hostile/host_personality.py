# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no other personality
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(135, 0x0400000) >= 0:
        hit("host_personality")
        return a + b
    return None
