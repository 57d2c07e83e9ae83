# task: apart
# expect: pass
# must: tests that run apart pass when they should
def f(a, b):
    return a + b
