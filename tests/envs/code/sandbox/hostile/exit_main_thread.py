# task: add
# expect: score0
# status: timeout
# machine: x86_64
# must: the last thread is waited for, and its time counts
import ctypes
import threading
import time

libc = ctypes.CDLL(None)


def f(a, b):
    threading.Thread(target=lambda: time.sleep(600), daemon=True).start()
    libc.syscall(60, 0)
