# task: add
# expect: score0
# must: packages of the trainer are not there

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import numpy
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("leak_installed_packages")
    return a + b
