# task: add
# expect: score0
# must: a harness whose types are patched tells nonsense, not a pass
import builtins

real = builtins.type
builtins.type = lambda *a: int
builtins.AssertionError = Exception


def f(a, b):
    return "3"
