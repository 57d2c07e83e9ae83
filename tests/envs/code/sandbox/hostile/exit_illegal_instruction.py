# task: add
# expect: score0
# status: killed
# machine: x86_64
# must: machine code of its own ends the program alone
import ctypes
import mmap

room = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
room.write(b"\x0f\x0b")


def f(a, b):
    ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(room)))()
