# task: add
# expect: score0
# must: a forged line still tells a value of another type
import os


def f(a, b):
    os.write(3, b'v{"as":"int","of":%d}\n' % (a + b))
    os._exit(0)
