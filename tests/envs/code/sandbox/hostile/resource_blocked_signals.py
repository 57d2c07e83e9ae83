# task: add
# expect: score0
# status: timeout
# must: blocked signals make no difference
import signal


def f(a, b):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    signal.pause()
