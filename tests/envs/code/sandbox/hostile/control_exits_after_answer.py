# task: stdio_add
# expect: pass
# must: leaving with success works
a, b = map(int, input().split())
print(a + b)
exit()
