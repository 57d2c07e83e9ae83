# task: add
# expect: score0
# status: timeout|failed
# must: all threads together have the time of one
import threading


def spin():
    while True:
        pass


def f(a, b):
    for _ in range(8):
        threading.Thread(target=spin, daemon=True).start()
    spin()
