# task: apart
# expect: score0
# status: timeout
# must: an answer byte by byte has the time of one
import os
import time


def f(a, b):
    os.write(3, b"\0\0\4\0")
    while True:
        os.write(3, b"v")
        time.sleep(0.01)
