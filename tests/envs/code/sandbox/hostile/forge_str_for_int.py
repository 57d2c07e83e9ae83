# task: add
# expect: score0
# status: failed
# must: "3" is not 3
def f(a, b):
    return str(a + b)
