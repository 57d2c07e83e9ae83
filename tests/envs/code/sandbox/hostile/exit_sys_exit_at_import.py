# task: add
# expect: score0
# status: failed
# must: leaving with status 0 is no success
import sys

sys.exit(0)
