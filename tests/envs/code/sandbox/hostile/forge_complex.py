# task: add
# expect: score0
# status: failed
# must: a complex number is another value
def f(a, b):
    return complex(a + b)
