# task: add
# expect: score0
# status: memory|timeout|output_limit
# must: one entry told a million times is a million entries
def f(a, b):
    return [[[a + b] * 1000] * 1000] * 1000
