# task: add
# expect: score0
# status: failed
# must: a promise of values is none
def f(a, b):
    yield a + b
