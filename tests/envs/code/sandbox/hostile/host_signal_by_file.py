# task: add
# expect: score0
# status: failed
# must: no signal by way of a file's owner

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import fcntl, os

        reader, writer = os.pipe()
        fcntl.fcntl(reader, fcntl.F_SETOWN, os.getppid())
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_signal_by_file")
    return a + b
