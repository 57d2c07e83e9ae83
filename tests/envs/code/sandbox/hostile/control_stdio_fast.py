# task: stdio_add
# expect: pass
# must: buffered output at the end works
import atexit
import io
import os
import sys

out = io.StringIO()
sys.stdout = out
atexit.register(lambda: os.write(1, out.getvalue().encode()))
read = iter(os.read(0, os.fstat(0).st_size).split()).__next__
print(int(read()) + int(read()))
