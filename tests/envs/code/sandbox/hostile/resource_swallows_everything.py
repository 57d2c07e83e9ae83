# task: add
# expect: score0
# status: timeout
# must: no exception is what ends it
def f(a, b):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
