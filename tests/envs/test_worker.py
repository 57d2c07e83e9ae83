"""Do heavy calls stay within their limits, and does the pool outlive whatever they do?"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from syllogym.envs import Fault
from syllogym.envs.worker import Exceeded, Workers


@pytest.fixture
def system() -> Iterator[Workers]:
    pool = Workers("os", size=2)
    yield pool
    pool.close()


@pytest.fixture
def arithmetic() -> Iterator[Workers]:
    pool = Workers("operator", size=1, memory=1 << 29)
    yield pool
    pool.close()


@pytest.fixture
def clock() -> Iterator[Workers]:
    pool = Workers("time", size=4)
    yield pool
    pool.close()


def gone(pid: int, within: float = 3.0) -> bool:
    """Whether a process ends within some seconds (a zombie has ended)."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with open(f"/proc/{pid}/stat") as state:
                if state.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


def test_a_call_returns_what_the_function_returns(arithmetic: Workers) -> None:
    assert arithmetic.call("add", [1, "two"], [None], deadline=5) == [1, "two", None]


def test_nothing_runs_in_the_caller(system: Workers) -> None:
    assert system.call("getpid", deadline=5) != os.getpid()


def test_a_worker_serves_many_calls(system: Workers) -> None:
    assert system.call("getpid", deadline=5) == system.call("getpid", deadline=5)


def test_one_endless_c_call_is_stopped_at_the_deadline(arithmetic: Workers) -> None:
    arithmetic.call("add", 1, 1, deadline=5)
    started = time.monotonic()
    with pytest.raises(Exceeded) as caught:
        arithmetic.call("pow", 9, 9**9, deadline=0.3)
    assert caught.value.what == "timeout" and time.monotonic() - started < 0.8


def test_the_call_after_a_timeout_works(arithmetic: Workers) -> None:
    with pytest.raises(Exceeded):
        arithmetic.call("pow", 9, 9**9, deadline=0.1)
    assert arithmetic.call("add", 2, 2, deadline=5) == 4


def test_the_process_of_a_timeout_is_gone(system: Workers, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "nobody_writes")
    pid = system.call("getpid", deadline=5)
    with pytest.raises(Exceeded):
        system.call("open", str(tmp_path / "nobody_writes"), os.O_RDONLY, deadline=0.1)
    assert gone(pid)


def test_too_much_memory_is_reported_and_the_next_call_works(arithmetic: Workers) -> None:
    with pytest.raises(Exceeded) as caught:
        arithmetic.call("mul", "x", 1 << 30, deadline=5)
    assert caught.value.what == "memory"
    assert arithmetic.call("add", 2, 2, deadline=5) == 4


def test_a_worker_killed_between_calls_is_replaced_unnoticed(system: Workers) -> None:
    pid = system.call("getpid", deadline=5)
    os.kill(pid, signal.SIGKILL)
    assert system.call("getpid", deadline=5) != pid


def test_a_nursery_killed_between_calls_is_replaced_unnoticed(system: Workers) -> None:
    first, nursery = system.call("getpid", deadline=5), system.call("getppid", deadline=5)
    os.kill(nursery, signal.SIGKILL)
    os.kill(first, signal.SIGKILL)
    assert gone(nursery) and system.call("getppid", deadline=5) != nursery


def test_a_call_that_kills_its_worker_twice_is_a_fault(system: Workers) -> None:
    with pytest.raises(Fault, match="os:abort was lost twice"):
        system.call("abort", deadline=5)
    assert system.call("getpid", deadline=5)


def test_an_exception_in_the_function_is_a_fault_that_names_it(arithmetic: Workers) -> None:
    with pytest.raises(Fault, match="operator:truediv raised ZeroDivisionError"):
        arithmetic.call("truediv", 1, 0, deadline=5)
    assert arithmetic.call("add", 2, 2, deadline=5) == 4


def test_a_module_that_cannot_be_imported_is_a_fault_that_names_it() -> None:
    pool = Workers("no_such_module_here")
    with pytest.raises(Fault, match="cannot import no_such_module_here"):
        pool.call("anything", deadline=5)
    pool.close()


def test_threads_are_served_at_the_same_time(clock: Workers) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: clock.call("sleep", 0, deadline=5), range(4)))
        started = time.monotonic()
        list(threads.map(lambda _: clock.call("sleep", 0.4, deadline=5), range(4)))
    assert time.monotonic() - started < 1.2


def test_answers_do_not_get_mixed_up_between_threads(arithmetic: Workers) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda n: arithmetic.call("add", n, n, deadline=5), range(200))) == list(
            range(0, 400, 2)
        )


def test_waiting_for_a_worker_costs_none_of_the_deadline() -> None:
    pool = Workers("time", size=1)
    with ThreadPoolExecutor(3) as threads:
        waited = list(threads.map(lambda _: pool.call("sleep", 0.3, deadline=0.6), range(3)))
    assert waited == [None, None, None]
    pool.close()


def test_the_event_loop_goes_on_while_a_call_is_stopped(clock: Workers) -> None:
    async def both() -> int:
        call = asyncio.create_task(clock.acall("sleep", 60, deadline=0.4))
        ticks = 0
        while not call.done():
            await asyncio.sleep(0.01)
            ticks += 1
        with pytest.raises(Exceeded):
            call.result()
        return ticks

    clock.call("sleep", 0, deadline=5)
    assert asyncio.run(both()) > 10


def test_no_process_is_left_after_close(system: Workers) -> None:
    worker, nursery = system.call("getpid", deadline=5), system.call("getppid", deadline=5)
    system.close()
    assert gone(worker) and gone(nursery)


def test_a_closed_pool_starts_again(system: Workers) -> None:
    first = system.call("getpid", deadline=5)
    system.close()
    assert system.call("getpid", deadline=5) != first


_PARENT = """
import os, signal, sys
from syllogym.envs.worker import Workers
pool = Workers("os", size=1)
print(pool.call("getpid", deadline=5), pool.call("getppid", deadline=5), flush=True)
if sys.argv[1] == "busy":
    import threading
    threading.Thread(target=pool.call, args=("system", "exec sleep 30"), kwargs={"deadline": 30}).start()
    import time; time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("end", ["quiet", "busy"])
def test_no_process_outlives_the_caller_however_it_ends(end: str) -> None:
    path = os.pathsep.join(filter(None, sys.path))
    run = subprocess.run(
        [sys.executable, "-c", _PARENT, end], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True
    )
    worker, nursery = map(int, run.stdout.split())
    assert gone(worker) and gone(nursery)
    assert end == "busy" or not run.stderr


def test_a_forked_child_gets_processes_of_its_own(system: Workers) -> None:
    mine = system.call("getppid", deadline=5)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(system.call("getppid", deadline=5)).encode())
        system.close()
        os._exit(0)
    os.waitpid(child, 0)
    theirs = int(os.read(reader, 100))
    os.close(reader)
    os.close(writer)
    assert theirs != mine and system.call("getppid", deadline=5) == mine


def test_calls_work_off_the_main_thread(arithmetic: Workers) -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(arithmetic.call("add", 1, 1, deadline=5)))
    thread.start()
    thread.join()
    assert found == [2]
