# task: add
# expect: score0
# status: failed
# must: an answer that cannot be told is none
import os

os.closerange(0, 64)


def f(a, b):
    return a + b
