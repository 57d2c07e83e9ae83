# task: add
# expect: score0
# must: whatever it locks or hides too deep is removed
import os

for number in range(20):
    os.mkdir("d" * 250, 0o700)
    os.chdir("d" * 250)
    open("file", "w").close()
os.mkdir("locked", 0o300)
open("locked/file", "w").close()


def f(a, b):
    return None
