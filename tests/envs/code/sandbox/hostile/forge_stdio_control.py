# task: stdio_add
# expect: score0
# status: failed
# must: characters that cannot be seen count
a, b = map(int, input().split())
print(f"{a + b}\0\u200b")
