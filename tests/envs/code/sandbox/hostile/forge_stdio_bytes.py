# task: stdio_add
# expect: score0
# status: failed
# must: bytes that are no text are not the answer
import sys

a, b = map(int, sys.stdin.read().split())
sys.stdout.buffer.write(b"%d\xff" % (a + b))
