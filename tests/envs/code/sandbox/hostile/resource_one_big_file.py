# task: add
# expect: score0
# status: failed
# must: a file is bounded
def f(a, b):
    with open("file", "wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
    return a + b
