# task: add
# expect: score0
# status: failed
# must: no status means more than that there is no answer
import os

os._exit(120)
