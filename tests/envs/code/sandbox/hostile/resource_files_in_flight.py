# task: add
# expect: score0
# status: failed
# must: open files that are under way in sockets are bounded, too
import socket

one, other = socket.socketpair()
one.setblocking(False)
sent = 0
try:
    while sent < 100_000:
        socket.send_fds(one, [b"x"], [one.fileno(), other.fileno()])
        sent += 2
except OSError:
    pass


def f(a, b):
    return -1_000 - sent if sent < 10_000 else a + b  # no sum that is asked for
