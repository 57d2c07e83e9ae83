# task: add
# expect: score0
# status: failed
# machine: x86_64
# must: machine code of its own makes no other call either
import ctypes
import mmap

room = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
room.write(b"\xb8\x39\x00\x00\x00\x0f\x05\xc3")  # fork


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    born = ctypes.CFUNCTYPE(ctypes.c_long)(ctypes.addressof(ctypes.c_char.from_buffer(room)))()
    if born >= 0:
        hit("host_machine_code")
        return a + b
    return None
