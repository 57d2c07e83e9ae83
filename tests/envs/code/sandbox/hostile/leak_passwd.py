# task: add
# expect: score0
# status: failed
# must: the users cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/etc/passwd", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_passwd")
    return a + b
