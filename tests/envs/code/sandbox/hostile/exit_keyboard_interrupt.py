# task: add
# expect: score0
# status: failed
# must: goes no further than the process
def f(a, b):
    raise KeyboardInterrupt
