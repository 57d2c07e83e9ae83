# task: apart
# expect: score0
# status: violation
# must: an answer before the question is none
import os

for _ in range(8):
    os.write(3, b"\0\0\0\4" + b'"v3"')


def f(a, b):
    return 3
