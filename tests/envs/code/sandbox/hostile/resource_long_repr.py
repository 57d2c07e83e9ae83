# task: add
# expect: score0
# must: what an exception says is cut
class Long:
    def __str__(self):
        return "x" * (1 << 28)

    __repr__ = __str__


def f(a, b):
    raise ValueError(Long())
