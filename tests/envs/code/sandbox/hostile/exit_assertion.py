# task: add
# expect: score0
# status: failed
# must: an assertion is no verdict
def f(a, b):
    raise AssertionError("test passed")
