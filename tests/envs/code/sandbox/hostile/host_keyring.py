# task: add
# expect: score0
# status: violation
# machine: x86_64
# must: no keys
import ctypes

libc = ctypes.CDLL(None, use_errno=True)

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(250, 0, 0xFFFFFFFD, 1) >= 0:
        hit("host_keyring")
        return a + b
    return None
