# task: sort
# expect: score0
# must: a small value can be a long text
def f(xs):
    for _ in range(150):
        xs = [xs, xs]
    return xs
