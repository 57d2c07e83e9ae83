# task: add
# expect: score0
# status: failed
# must: threads start no process either


def hit(name):
    try:
        open("/tmp/hostile_canary/PWNED_" + name, "w").close()
    except OSError:
        pass
    return True


def f(a, b):
    try:
        import os
        import threading

        born = []

        def bear():
            try:
                born.append(os.fork())
            except OSError:
                return
            if born[-1] == 0:
                os._exit(0)

        threads = [threading.Thread(target=bear) for _ in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        if not born:
            raise OSError
    except (OSError, AttributeError, ValueError, ImportError, OverflowError, RuntimeError):
        return None
    hit("host_forks_in_threads")
    return a + b
