# task: add
# expect: score0
# status: failed
# must: no talk with the kernel's network side

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import socket

        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_netlink")
    return a + b
