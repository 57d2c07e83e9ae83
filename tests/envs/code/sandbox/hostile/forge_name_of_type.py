# task: add
# expect: score0
# status: failed
# must: the name of a type cannot end a line
def f(a, b):
    return type('v3\nv6\nv1111111110"}', (), {})()
