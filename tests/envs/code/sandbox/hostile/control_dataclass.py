# task: add
# expect: pass
# must: classes of the program work
from dataclasses import dataclass


@dataclass
class Pair:
    a: int
    b: "int"


def f(a, b):
    return sum(vars(Pair(a, b)).values())
