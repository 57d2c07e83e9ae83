# task: stdio_add
# expect: pass
# must: a thread with a large stack works
import sys
import threading

sys.setrecursionlimit(10**6)
threading.stack_size(1 << 26)


def main():
    print(sum(map(int, sys.stdin.readline().split())))
    sys.exit(0)


threading.Thread(target=main).start()
