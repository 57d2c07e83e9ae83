# task: stdio_add
# expect: score0
# status: failed
# must: a standard output that is not one gives nothing
import sys


class Silent:
    flush = write = lambda self, *text: 0


sys.stdout = Silent()
print(sum(map(int, input().split())))
