# task: add
# expect: score0
# must: a stack that overflows in compiled code ends the program alone
import functools
import sys

sys.setrecursionlimit(10**8)


@functools.lru_cache(None)
def deep(n):
    return deep(n + 1)


def f(a, b):
    return deep(0)
