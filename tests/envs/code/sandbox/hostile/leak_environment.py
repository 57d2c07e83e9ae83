# task: add
# expect: score0
# status: failed
# must: the environment is empty
import os


def f(a, b):
    return a + b if os.environ else None
