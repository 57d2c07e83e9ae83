# task: apart
# expect: score0
# status: timeout
# must: half an answer is waited for no longer than allowed
import os


def f(a, b):
    os.write(3, b"\0\0\0\7v3")
    while True:
        pass
