# task: add
# expect: score0
# status: timeout
# must: its timers are its own affair
import signal

signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 1e-4, 1e-4)


def f(a, b):
    while True:
        pass
