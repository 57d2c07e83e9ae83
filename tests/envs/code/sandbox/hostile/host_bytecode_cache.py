# task: add
# expect: score0
# status: failed
# must: the library's caches cannot be poisoned

def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import importlib.util

        open(importlib.util.cache_from_source(importlib.util.find_spec("string").origin), "ab").write(b"")
    except (OSError, AttributeError, ValueError, ImportError):
        return None
    hit("host_bytecode_cache")
    return a + b
