"""How much CPU time does `import syllogym` take, the interpreter's own start left out?"""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import ROUNDS, Row


def rows() -> Iterator[Row]:
    seconds("import syllogym")  # compiles what is not compiled yet
    times = [seconds("import syllogym") - seconds("pass") for _ in range(ROUNDS)]
    yield Row("import syllogym", "s", ours=times, goal=0.3)


def seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
