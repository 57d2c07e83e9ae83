# task: apart
# expect: score0
# status: violation|failed
# must: an answer before the question is none; one that comes just after it is the program's own, and wrong
import os

for _ in range(8):
    os.write(3, b"\0\0\0\4" + b'"v9"')


def f(a, b):
    return 9
