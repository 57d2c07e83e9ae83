# task: add
# expect: score0
# status: timeout
# must: sleeping is time, too
import time

time.sleep(10**6)
