# task: add
# expect: score0
# must: no home can be listed

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os, pathlib

        list(pathlib.Path("/root").iterdir())
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_users_home")
    return a + b
