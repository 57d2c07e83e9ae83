# task: add
# expect: score0
# status: failed
# must: what it wrote cannot be executed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os

        open("tool", "wb").write(b"#!/bin/true\n")
        os.execv("tool", ["tool"])
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_exec_own_file")
    return a + b
