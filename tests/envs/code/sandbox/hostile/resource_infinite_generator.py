# task: add
# expect: score0
# must: endless data
def f(a, b):
    def endless():
        while True:
            yield 1

    return sorted(endless())
