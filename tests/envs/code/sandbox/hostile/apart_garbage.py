# task: apart
# expect: score0
# status: violation
# must: bytes that are no message are a violation
import os


def f(a, b):
    os.write(3, b"\0\0\0\5{{{{{")
    return a + b
