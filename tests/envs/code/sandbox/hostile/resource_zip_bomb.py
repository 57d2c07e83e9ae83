# task: add
# expect: score0
# status: memory|timeout
# must: memory of libraries counts
import zlib

small = zlib.compress(bytes(1 << 26))


def f(a, b):
    return len([zlib.decompress(small) for _ in range(100)])
