# task: add
# expect: score0
# status: failed
# must: leaving from another thread
import os
import threading
import time

threading.Thread(target=lambda: (time.sleep(0.05), os._exit(0))).start()


def f(a, b):
    time.sleep(1)
    return a + b
