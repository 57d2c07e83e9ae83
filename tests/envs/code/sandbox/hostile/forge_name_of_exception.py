# task: add
# expect: score0
# status: failed
# must: nor can an exception's
def f(a, b):
    raise type("E\nv3\nv6", (Exception,), {"__module__": "builtins"})("\nv3\r\nv6\u2028v1111111110")
