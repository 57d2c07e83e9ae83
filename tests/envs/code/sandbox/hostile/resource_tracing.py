# task: add
# expect: score0
# must: a trace of every step is time of the program
import sys

def spy(frame, event, value):
    for _ in range(10**6):
        pass
    return spy


sys.settrace(spy)


def f(a, b):
    return sum(range(10**6)) - sum(range(10**6)) + a + b + 1
