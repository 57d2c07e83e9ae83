# task: add
# expect: score0
# status: failed
# must: isinstance can be fooled, types cannot
class Any:
    __class__ = int

    def __int__(self):
        return 3

    def __instancecheck__(self, other):
        return True


def f(a, b):
    return Any()
