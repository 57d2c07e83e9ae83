# task: add
# expect: score0
# must: patched eval
import builtins

builtins.eval = lambda *a: lambda *b: 4
builtins.exec = lambda *a: None


def f(a, b):
    return 0
