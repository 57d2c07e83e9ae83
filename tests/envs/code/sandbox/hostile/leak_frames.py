# task: secret
# expect: score0
# status: failed
# must: no frame holds an expected value
import sys


def f(key):
    frame = sys._getframe()
    while frame:
        text = repr({**frame.f_locals})[:100000]
        at = text.find("SECRET" + "-")
        if at >= 0:
            return text[at : at + 22]
        frame = frame.f_back
    return None
