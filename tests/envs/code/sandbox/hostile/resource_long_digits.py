# task: add
# expect: score0
# status: timeout
# must: numbers of millions of digits take no longer than allowed
import sys

sys.set_int_max_str_digits(0)


def f(a, b):
    return int("9" * 20_000_000)
