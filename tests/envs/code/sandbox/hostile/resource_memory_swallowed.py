# task: add
# expect: score0
# status: memory|timeout
# must: asking again and again gives no more
def f(a, b):
    kept = []
    while True:
        try:
            kept.append(bytearray(1 << 24))
        except MemoryError:
            kept.append(None)
            if len(kept) > 1000:
                raise
