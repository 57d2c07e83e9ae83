# task: add
# expect: score0
# status: failed
# must: SystemExit is an answer like any other, a wrong one
import sys


def f(a, b):
    sys.exit(0)
