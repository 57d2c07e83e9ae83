# task: add
# expect: score0
# status: timeout
# must: no handler is asked
import signal

for number in range(1, 65):
    try:
        signal.signal(number, lambda *_: None)
    except (OSError, ValueError):
        pass


def f(a, b):
    while True:
        pass
