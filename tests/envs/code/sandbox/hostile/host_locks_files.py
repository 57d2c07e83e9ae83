# task: add
# expect: score0
# status: failed
# must: locks on the parent's files hold up nobody
import fcntl
import os

for file in range(5):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.fcntl(file, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND)
    except OSError:
        pass


def f(a, b):
    return None
