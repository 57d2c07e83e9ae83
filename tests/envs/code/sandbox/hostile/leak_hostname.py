# task: add
# expect: score0
# status: failed
# must: the name of the machine cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/etc/hostname", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_hostname")
    return a + b
