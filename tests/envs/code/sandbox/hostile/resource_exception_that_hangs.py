# task: add
# expect: score0
# status: timeout
# must: telling an exception is bounded, too
class Hang(Exception):
    def __str__(self):
        while True:
            pass


def f(a, b):
    raise Hang
