# task: add
# expect: score0
# status: failed
# must: files of the parent cannot be sealed


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import fcntl

        fcntl.fcntl(1, 1033, 0x0008)
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_seals_files")
    return a + b
