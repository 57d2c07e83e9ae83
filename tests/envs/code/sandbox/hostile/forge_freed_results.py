# task: add
# expect: score0
# must: memory of the harness that is written over makes no pass
import ctypes
import gc
import sys


def f(a, b):
    for item in gc.get_objects():
        if type(item) is list:
            ctypes.memset(id(item) + 24, 0, 8)
    return sys
