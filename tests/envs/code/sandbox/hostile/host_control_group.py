# task: add
# expect: score0
# status: failed
# must: its group of resources cannot be left


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        open("/sys/fs/cgroup/cgroup.procs", "a").close()
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_control_group")
    return a + b
