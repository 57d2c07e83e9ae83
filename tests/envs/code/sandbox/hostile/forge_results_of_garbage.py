# task: add
# expect: score0
# must: bytes that are no text
import os

os.write(3, bytes(range(256)) * 100 + b"\nv3\nv3\n")


def f(a, b):
    return 3
