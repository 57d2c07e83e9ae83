# task: add
# expect: score0
# status: timeout
# must: a clock of the program's own stops no other
import time

time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
time.sleep = lambda seconds: None


def f(a, b):
    while True:
        pass
