# task: apart
# expect: score0
# must: what only the tests may say, the program cannot
import os


def f(a, b):
    os.write(3, b'\0\0\0\x08["", ""]')
    while True:
        pass
