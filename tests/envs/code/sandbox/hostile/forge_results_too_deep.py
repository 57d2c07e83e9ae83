# task: add
# expect: score0
# status: failed
# must: text nested too deep for a parser in the parent
import os

os.ftruncate(3, 0)
os.write(3, b"v\n" + (b"v" + b"[" * 200000 + b"\n") * 3)
os._exit(0)
