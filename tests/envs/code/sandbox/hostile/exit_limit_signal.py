# task: add
# expect: score0
# status: killed
# must: a signal that a limit would send is its own doing
import os
import signal


def f(a, b):
    os.kill(os.getpid(), signal.SIGXCPU)
