# task: add
# expect: score0
# status: timeout
# must: an object that is slow to go is time of the program
class Slow:
    def __del__(self):
        while True:
            pass


def f(a, b):
    Slow()
    return a + b
