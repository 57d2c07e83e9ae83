# task: stdio_add
# expect: score0
# status: timeout
# must: a thread that never ends is a program that never ends
import threading
import time

threading.Thread(target=time.sleep, args=(10**6,)).start()
print(sum(map(int, input().split())))
