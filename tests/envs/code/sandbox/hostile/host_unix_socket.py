# task: add
# expect: score0
# status: failed
# must: no socket of the machine can be reached

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        socket.socket(socket.AF_UNIX).connect("/tmp/hostile_canary/sock")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_unix_socket")
    return a + b
