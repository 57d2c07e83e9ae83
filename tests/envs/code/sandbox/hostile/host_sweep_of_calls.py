# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: calls that are not listed are refused before they look at anything
import ctypes
import errno

libc = ctypes.CDLL(None, use_errno=True)
FREE = {292, 293, 295, 296, 302, 309, 316, 318, 324, 326, 327, 328, 332, 334, 435, 436, 439, 441, 449}
FLAGRANT = {298, 304, 308, 310, 311, 313, 320, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432, 438, 442}


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    for number in set(range(292, 335)) | set(range(424, 480)):
        if number in FREE | FLAGRANT:
            continue
        libc.syscall(number, -1, -1, -1, -1, -1, -1)
        if ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            hit("host_sweep_of_calls")
            return a + b
    return None
