# task: sort
# expect: score0
# status: failed
# must: a value that contains itself is no plain data
def f(xs):
    xs.append(xs)
    return xs
