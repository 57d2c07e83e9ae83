# task: add
# expect: score0
# status: timeout
# machine: x86_64
# must: so does its processor time
import ctypes
import threading

libc = ctypes.CDLL(None)


def spin():
    while True:
        pass


def f(a, b):
    threading.Thread(target=spin, daemon=True).start()
    libc.syscall(60, 0)
