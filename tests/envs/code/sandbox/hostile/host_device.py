# task: add
# expect: score0
# status: failed
# must: no devices

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os, stat

        os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_device")
    return a + b
