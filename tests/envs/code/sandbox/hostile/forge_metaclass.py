# task: add
# expect: score0
# status: failed
# must: a type that claims to be another is not it
class Meta(type):
    __eq__ = __instancecheck__ = __subclasscheck__ = lambda self, other: True
    __hash__ = lambda self: hash(int)


class Number(metaclass=Meta):
    __class__ = int
    __eq__ = lambda self, other: True


Number.__name__ = Number.__qualname__ = "int"


def f(a, b):
    return Number()
