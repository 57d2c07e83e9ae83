# task: odd
# expect: pass
# must: text may hold anything that text can
def f(key):
    return "\u2028\x85\x1c\x0b\r\n\ud800\x00\U0001f600" * key
