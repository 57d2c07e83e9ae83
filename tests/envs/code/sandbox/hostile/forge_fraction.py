# task: add
# expect: score0
# status: failed
# must: another kind of number is another value
from fractions import Fraction


def f(a, b):
    return Fraction(a + b)
