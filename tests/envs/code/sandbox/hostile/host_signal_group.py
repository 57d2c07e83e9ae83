# task: add
# expect: score0
# status: failed
# must: the parent's group is out of reach

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os, signal

        os.killpg(os.getpgid(os.getppid()), signal.SIGCONT)
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_signal_group")
    return a + b
