# task: add
# expect: score0
# status: failed
# must: what equals nothing is not equal
def f(a, b):
    return float("nan")
