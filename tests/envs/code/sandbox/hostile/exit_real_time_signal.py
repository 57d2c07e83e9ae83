# task: add
# expect: score0
# status: killed
# must: any signal that ends it is its own doing
import os


def f(a, b):
    os.kill(os.getpid(), 63)
