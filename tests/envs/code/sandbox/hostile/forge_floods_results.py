# task: add
# expect: score0
# status: output_limit
# must: results are bounded
import os


def f(a, b):
    while True:
        os.write(3, b"v4\n" * 10000)
