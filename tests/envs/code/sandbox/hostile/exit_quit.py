# task: add
# expect: score0
# status: failed
# must: the builtin is there, and leaves
quit()
