# task: add
# expect: score0
# must: a timer that ends the process is no answer
import faulthandler
import time


def f(a, b):
    faulthandler.dump_traceback_later(0.05, exit=True)
    time.sleep(10)
    return a + b
