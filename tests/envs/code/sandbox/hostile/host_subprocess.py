# task: add
# expect: score0
# status: failed
# must: no program can be started

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import subprocess

        subprocess.run(["/bin/true"])
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_subprocess")
    return a + b
