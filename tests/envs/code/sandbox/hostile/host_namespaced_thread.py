# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no thread in a namespace of its own
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(56, 0x10000 | 0x10000000 | 0x800 | 0x100, 0, 0, 0, 0) >= 0:
        hit("host_namespaced_thread")
        return a + b
    return None
