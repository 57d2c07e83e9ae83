# task: add
# expect: score0
# must: an interpreter within has no more rights


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import _xxsubinterpreters as interpreters

        interpreters.run_string(interpreters.create(), "import os\nif os.fork() == 0: os._exit(0)")
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_subinterpreter")
    return a + b
