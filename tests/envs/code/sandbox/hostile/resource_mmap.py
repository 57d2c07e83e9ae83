# task: add
# expect: score0
# status: failed
# must: memory is bounded however it is asked for
import mmap


def f(a, b):
    mmap.mmap(-1, 8 << 30)
    return a + b
