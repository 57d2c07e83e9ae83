# task: add
# expect: score0
# status: memory|timeout
# must: memory is bounded
def f(a, b):
    kept = []
    while True:
        kept.append("x" * 100000 + str(len(kept)))
