# task: sort
# expect: score0
# status: failed
# must: a value may be nested only so deep
def f(xs):
    for _ in range(100000):
        xs = [xs]
    return xs
