# task: add
# expect: score0
# must: threads are bounded
import threading
import time

threading.stack_size(64 << 10)


def f(a, b):
    for _ in range(4000):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(0.5)
    return a + b
