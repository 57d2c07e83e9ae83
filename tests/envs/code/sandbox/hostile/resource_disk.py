# task: add
# expect: score0
# status: output_limit
# must: bytes in files are bounded
def f(a, b):
    for number in range(200):
        open(f"file{number}", "wb").write(bytes(900000))
    import time

    time.sleep(0.5)
    return a + b
