# task: add
# expect: score0
# status: failed
# must: no terminal, no process

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import pty

        pty.fork()
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_pty")
    return a + b
