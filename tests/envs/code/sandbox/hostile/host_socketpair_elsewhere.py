# task: add
# expect: score0
# status: failed
# must: a pair of sockets reaches nobody else


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        one, _ = socket.socketpair()
        try:
            one.bind("\0hostile")
        except OSError:
            other, _ = socket.socketpair()
            other.close()
            one.sendto(b"x", "/tmp/hostile_canary/sock")
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_socketpair_elsewhere")
    return a + b
