# task: add
# expect: score0
# status: failed
# must: nor is such source at import
exec("x = " + "(" * 5000 + ")" * 5000)


def f(a, b):
    return a + b
