# task: secret
# expect: score0
# must: no object of the process holds an expected value
import gc


def f(key):
    for item in gc.get_objects():
        values = list(item.values()) if isinstance(item, dict) else list(item) if isinstance(item, (list, tuple)) else []
        for value in values:
            if type(value) is str and value.startswith("SECRET"):
                return value
    return None
