# task: stdio_add
# expect: score0
# status: failed
# must: text that cannot be encoded is an error, not a pass
a, b = map(int, input().split())
print(f"{a + b}\ud800")
