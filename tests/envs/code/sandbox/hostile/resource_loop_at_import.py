# task: add
# expect: score0
# status: timeout
# must: loading is bounded
while True:
    pass
