# task: add
# expect: score0
# status: failed
# must: numbers too long for a parser in the parent
import os

os.write(3, b"v\n" + (b"v" + b"9" * 200000 + b"\n") * 3)
os._exit(0)
