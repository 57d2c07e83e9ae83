# task: add
# expect: score0
# status: failed
# must: no port can be listened on

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        socket.create_server(("127.0.0.1", 0))
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_tcp_listen")
    return a + b
