# task: add
# expect: score0
# status: failed
# must: a file of holes is bounded
def f(a, b):
    open("file", "wb").truncate(1 << 40)
    return a + b
