# task: add
# expect: score0
# status: failed
# must: files whose names are no text are removed like any other
import os

for name in (b"\xff\xfe", b"a\nb", b"-rf", b"\x1b[2J", b"x" * 255, "\u202e".encode()):
    os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0))
os.mkdir(b"\xff")
os.close(os.open(b"\xff/\xff", os.O_CREAT | os.O_WRONLY, 0))


def f(a, b):
    return len(os.listdir("."))
