# task: add
# expect: score0
# status: failed
# must: no program can blame the machine
import os

os.write(3, b"fault\nfault\nfault\nfault\n")
os._exit(0)
