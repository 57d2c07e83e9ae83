# task: apart
# expect: score0
# must: an exception of the program ends no test well
def f(a, b):
    raise StopAsyncIteration
