# task: secret
# expect: score0
# must: what is told of garbage tells no expected value
import gc

seen = []
gc.callbacks.append(lambda phase, info: seen.extend(gc.get_objects()))
gc.set_threshold(1)


def f(key):
    gc.collect()
    for item in seen:
        for value in item if isinstance(item, (list, tuple)) else item.values() if isinstance(item, dict) else []:
            if type(value) is str and value.startswith("SECRET"):
                return value
    return None
