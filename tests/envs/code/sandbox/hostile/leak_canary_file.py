# task: add
# expect: score0
# status: failed
# must: a file in /tmp cannot be read

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/tmp/hostile_canary/keep.txt", "rb").read(1)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_canary_file")
    return a + b
