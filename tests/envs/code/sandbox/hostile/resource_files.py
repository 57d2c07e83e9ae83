# task: add
# expect: score0
# status: output_limit
# must: files are bounded
def f(a, b):
    for number in range(100000):
        open(f"file{number}", "w").close()
    return a + b
