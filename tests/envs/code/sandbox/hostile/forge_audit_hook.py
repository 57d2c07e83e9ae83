# task: secret
# expect: score0
# status: failed
# must: audit events show no expected value
import sys

seen = []
sys.addaudithook(lambda event, values: seen.append(repr(values)))


def f(key):
    text = "".join(seen)
    at = text.find("SECRET")
    return text[at : at + 22] if at >= 0 else None
