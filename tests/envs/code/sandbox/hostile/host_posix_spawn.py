# task: add
# expect: score0
# status: failed
# must: no program can be started another way

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        os.posix_spawn("/bin/true", ["true"], {})
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_posix_spawn")
    return a + b
