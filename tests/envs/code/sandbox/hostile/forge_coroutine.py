# task: add
# expect: score0
# status: failed
# must: a promise to work is none
async def f(a, b):
    return a + b
