# task: add
# expect: score0
# must: it cannot stop itself in the ways of a terminal
import os
import signal


def f(a, b):
    for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        os.kill(os.getpid(), number)
    return None
