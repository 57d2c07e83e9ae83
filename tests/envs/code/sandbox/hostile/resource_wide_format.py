# task: add
# expect: score0
# status: memory|timeout
# must: a format may not be wider than memory
def f(a, b):
    return f"{a + b:>4000000000}"
