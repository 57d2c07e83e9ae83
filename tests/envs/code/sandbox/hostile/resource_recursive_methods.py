# task: add
# expect: score0
# must: methods that call themselves in compiled code end the program alone
import copy
import json
import pickle
import sys

sys.setrecursionlimit(10**9)


class Deep(dict):
    __repr__ = lambda self: repr(self)
    __eq__ = lambda self, other: self == other
    __reduce__ = lambda self: (Deep, (self,))
    __hash__ = lambda self: hash(self)


def f(a, b):
    deep = []
    for _ in range(10**6):
        deep = [deep]
    for work in (repr, json.dumps, pickle.dumps, copy.deepcopy, lambda value: value == Deep(), lambda value: {Deep(): 1}):
        work(deep)
    return None
