# task: add
# expect: score0
# must: output is bounded however it is written
import os


def f(a, b):
    block = bytes(1 << 16)
    for file in (1, 2, 3, 4):
        for at in range(0, 1 << 40, 1 << 16):
            try:
                if os.pwrite(file, block, at) < len(block):
                    break
            except OSError:
                break
    return None
