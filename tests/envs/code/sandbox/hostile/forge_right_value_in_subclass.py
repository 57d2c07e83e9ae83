# task: add
# expect: score0
# status: failed
# must: exact means the type, too
class Mine(int):
    pass


def f(a, b):
    return Mine(a + b)
