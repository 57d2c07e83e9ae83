# task: add
# expect: score0
# must: no name hides threads
import ctypes
import threading
import time

ctypes.CDLL(None).prctl(15, b"\xff) R 1 (", 0, 0, 0)
threading.stack_size(64 << 10)


def f(a, b):
    for _ in range(2000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(0.5)
    return a + b
