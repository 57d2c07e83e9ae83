# task: sort
# expect: score0
# status: failed
# must: a tuple is not a list
def f(xs):
    return tuple(sorted(xs))
