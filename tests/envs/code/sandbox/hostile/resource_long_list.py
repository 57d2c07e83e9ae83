# task: add
# expect: score0
# status: memory|timeout
# must: a list of a billion entries is too many
def f(a, b):
    return [a + b] * 10**9
