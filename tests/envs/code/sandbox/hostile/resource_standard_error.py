# task: add
# expect: score0
# status: output_limit
# must: standard error is bounded
import sys


def f(a, b):
    while True:
        sys.stderr.write("x" * 65536)
