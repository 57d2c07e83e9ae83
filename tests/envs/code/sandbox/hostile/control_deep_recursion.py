# task: add
# expect: pass
# must: honest deep recursion works
import sys

sys.setrecursionlimit(10**6)


def count(n):
    return 0 if n == 0 else 1 + count(n - 1)


def f(a, b):
    count(50000)
    return a + b
