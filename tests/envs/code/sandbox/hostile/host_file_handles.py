# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: no file by its number on the disk
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if libc.syscall(303, -100, b".", bytes(136), bytes(4), 0) >= 0:
        hit("host_file_handles")
        return a + b
    return None
