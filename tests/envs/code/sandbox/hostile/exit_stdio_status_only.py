# task: stdio_add
# expect: score0
# status: failed
# must: status 0 without the right output is no pass
import sys

sys.exit(0)
