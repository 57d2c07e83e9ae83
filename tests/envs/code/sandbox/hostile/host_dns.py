# task: add
# expect: score0
# status: failed
# must: no name is looked up

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        socket.getaddrinfo("localhost", 80)
        socket.gethostbyname("example.com")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_dns")
    return a + b
