# task: add
# expect: score0
# must: files of the parent cannot be made endless by their length alone
import os
import signal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def f(a, b):
    for file in range(5):
        try:
            os.ftruncate(file, 1 << 50)
        except OSError:
            pass
    return None
