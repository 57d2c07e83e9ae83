# task: add
# expect: pass
# must: threads work
from concurrent.futures import ThreadPoolExecutor


def f(a, b):
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(int, (a, b)))
