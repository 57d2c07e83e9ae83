# task: add
# expect: score0
# status: failed
# must: no packet leaves

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 47654))
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_udp")
    return a + b
