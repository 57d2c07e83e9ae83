# task: add
# expect: score0
# status: failed
# must: no answer, no pass
import os


def f(a, b):
    os._exit(0)
