# task: apart
# expect: score0
# status: output_limit
# must: a message longer than allowed is not waited for
import os


def f(a, b):
    os.write(3, b"\xff\xff\xff\xff")
    while True:
        os.write(3, bytes(1 << 16))
