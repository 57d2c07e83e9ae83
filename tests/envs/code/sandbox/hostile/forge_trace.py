# task: secret
# expect: score0
# must: tracing the harness shows no expected value
import sys

seen = []


def spy(frame, event, value):
    seen.extend(frame.f_locals.values())
    return spy


sys.settrace(spy)
sys.setprofile(spy)


def f(key):
    for value in seen:
        for item in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(item, str) and item.startswith("SECRET"):
                return item
    return None
