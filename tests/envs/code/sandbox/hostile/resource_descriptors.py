# task: add
# expect: score0
# status: failed
# must: open files are bounded
import os


def f(a, b):
    while True:
        os.dup(1)
