# task: stdio_add
# expect: score0
# status: failed
# must: what is written over on a screen is still there
a, b = map(int, input().split())
print(f"0\b{a + b}", end="\r")
