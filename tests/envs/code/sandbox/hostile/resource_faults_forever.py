# task: add
# expect: score0
# status: timeout
# must: a fault that is caught and made again ends at the limit
import ctypes
import signal

signal.signal(signal.SIGSEGV, lambda *_: None)


def f(a, b):
    return ctypes.string_at(0)
