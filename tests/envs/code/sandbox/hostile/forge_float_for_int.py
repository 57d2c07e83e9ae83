# task: add
# expect: score0
# status: failed
# must: 3.0 is not 3
def f(a, b):
    return float(a + b)
