# task: add
# expect: score0
# must: an exception thrown into the harness
import ctypes
import threading

ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(threading.main_thread().ident), ctypes.py_object(SystemExit))


def f(a, b):
    return 0
