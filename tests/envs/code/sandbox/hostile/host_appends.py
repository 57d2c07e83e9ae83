# task: add
# expect: score0
# status: failed
# must: nothing outside can be written

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/tmp/hostile_canary/keep.txt", "a").write("x")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_appends")
    return a + b
