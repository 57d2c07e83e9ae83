# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: nobody else's files can be watched
import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    if max(libc.syscall(294, 0), libc.syscall(300, 0, 0)) >= 0:
        hit("host_watches_files")
        return a + b
    return None
