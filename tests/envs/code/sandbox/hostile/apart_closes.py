# task: apart
# expect: score0
# must: to close the channel is no answer
import os


def f(a, b):
    os.close(3)
    return a + b
