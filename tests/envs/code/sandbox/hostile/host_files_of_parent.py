# task: add
# expect: score0
# status: failed
# must: open files of another process cannot be opened anew
import os


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    for pid in (1, os.getppid()):
        for file in range(100):
            try:
                os.open(f"/proc/{pid}/fd/{file}", os.O_RDONLY)
            except OSError:
                continue
            hit("host_files_of_parent")
            return a + b
    return None
