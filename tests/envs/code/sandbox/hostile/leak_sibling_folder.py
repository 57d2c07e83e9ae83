# task: add
# expect: score0
# status: failed
# must: the folder of a run beside it cannot be looked into
import os


def f(a, b):
    for name in ("../0", "../1", "../2", "/tmp/0", "/tmp/1"):
        try:
            if os.path.samefile(name, "."):
                continue
            os.listdir(name)
            return a + b
        except OSError:
            pass
    return None
