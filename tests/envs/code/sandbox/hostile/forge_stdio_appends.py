# task: stdio_add
# expect: score0
# status: failed
# must: more output than asked for is wrong
a, b = map(int, input().split())
print(a + b)
print(a + b + 1)
