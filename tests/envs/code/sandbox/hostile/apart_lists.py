# task: apart
# expect: score0
# must: an answer of another form than text is none
import os


def f(a, b):
    os.write(3, b'\0\0\0\5["v"]')
    os._exit(0)
