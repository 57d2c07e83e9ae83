# task: sort
# expect: score0
# status: failed
# must: a list that lies about its items
class Any(list):
    def __eq__(self, other):
        return True

    def __iter__(self):
        return iter([1, 2, 3])

    def __len__(self):
        return 3


def f(xs):
    return Any([0])
