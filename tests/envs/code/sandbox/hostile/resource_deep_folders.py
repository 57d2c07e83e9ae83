# task: add
# expect: score0
# status: output_limit
# must: folders are bounded and can be removed however deep
import os


def f(a, b):
    for _ in range(100000):
        os.mkdir("d")
        os.chdir("d")
    return a + b
