# task: stdio_add
# expect: score0
# status: failed
# must: a program that ends with an error has failed
a, b = map(int, input().split())
print(a + b)
raise RuntimeError
