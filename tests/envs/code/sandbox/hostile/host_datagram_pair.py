# task: add
# expect: score0
# status: failed
# must: a pair of datagram sockets would reach others

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        one.sendto(b"x", "/tmp/hostile_canary/sock")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_datagram_pair")
    return a + b
