# task: add
# expect: score0
# status: failed
# must: no connection

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        socket.create_connection(("127.0.0.1", 47654), 1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_tcp")
    return a + b
