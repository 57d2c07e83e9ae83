# task: add
# expect: score0
# must: memory in pipes and sockets is bounded by the open files
import os
import socket


def f(a, b):
    for make in (os.pipe, socket.socketpair) * 20:
        for end in make()[::-1][:1]:
            end = end if isinstance(end, int) else end.detach()
            os.set_blocking(end, False)
            while True:
                os.write(end, bytes(1 << 20))
