# task: add
# expect: score0
# status: failed
# must: no limit of its own makes the machine look guilty
import resource


def f(a, b):
    resource.setrlimit(resource.RLIMIT_CPU, (0, 0))
    while True:
        pass
