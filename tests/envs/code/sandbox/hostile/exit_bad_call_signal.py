# task: add
# expect: score0
# status: violation
# must: to claim a forbidden call is to have made it
import os
import signal


def f(a, b):
    os.kill(os.getpid(), signal.SIGSYS)
