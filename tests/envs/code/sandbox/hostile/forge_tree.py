# task: add
# expect: score0
# status: failed
# must: text that looks like another kind of value is text
def f(a, b):
    return '{"as":"int","of":3}'
