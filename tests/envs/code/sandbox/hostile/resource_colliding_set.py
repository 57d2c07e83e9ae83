# task: add
# expect: score0
# must: no table is built from values of a program's choice
def f(a, b):
    return set(range(0, 20000 * (2**61 - 1), 2**61 - 1))
