"""Do fork servers outlive nothing they should not, and does the sandbox outlive them?"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syllogym.envs.code.sandbox import Call, Limits, Sandbox
from syllogym.envs.code.sandbox.layers import chosen
from syllogym.envs.code.sandbox.running import Local
from syllogym.envs.code.sandbox.server import Server
from syllogym.envs.values import Fault

ADD = "def add(a, b):\n    return a + b\n"
TESTS = [Call("add", (1, 2), 3), Call("add", (2, 2), 4), Call("add", (-1, 1), 0)]

pytestmark = pytest.mark.skipif(chosen() is None, reason="no sandbox on this machine")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    box = Sandbox(servers=1)
    yield box
    box.close()


def servers(box: Sandbox) -> list[Server]:
    assert isinstance(box.backend, Local)
    return list(box.backend.pool._servers)


def descendants(pid: int) -> set[int]:
    """All processes below one, zombies included."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found |= {child} | descendants(child)
    return found


def gone(pids: set[int], within: float = 5.0) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.02)
    return False


def test_a_lost_server_is_replaced_and_its_run_is_tried_again(box: Sandbox) -> None:
    async def lose() -> bool:
        task = asyncio.create_task(box.arun("import time\ntime.sleep(0.5)\nprint(1)"))
        await asyncio.sleep(0.2)
        servers(box)[0].end_now()
        return (await task).passed

    assert box.run(ADD, TESTS).passed
    first = servers(box)[0]
    assert asyncio.run(lose())
    assert box.run(ADD, TESTS).passed and servers(box)[0] is not first


def test_a_run_that_loses_every_server_is_a_fault(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Server.start

    def start_and_die(server: Server, *arguments: object) -> object:
        told = start(server, *arguments)  # type: ignore[arg-type]
        server.end_now()
        return told

    monkeypatch.setattr(Server, "start", start_and_die)
    verdict = box.run("import time\ntime.sleep(5)", limits=Limits(wall=9))
    assert verdict.status == "fault"
    with pytest.raises(Fault, match="a fork server ended while it ran a program"):
        verdict.checked()


def test_a_server_that_does_not_answer_is_given_up(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.envs.code.sandbox.server.GRACE", 0.2)
    monkeypatch.setattr("syllogym.envs.code.sandbox.server.LOOK", 0.1)
    assert box.run(ADD, TESTS).passed
    os.killpg(servers(box)[0]._process.pid, signal.SIGSTOP)
    assert box.run(ADD, TESTS, limits=Limits(wall=0.5, patience=0.1)).passed


def test_a_poisoned_server_is_replaced(box: Sandbox) -> None:
    assert box.run(ADD, TESTS).passed
    poisoned = servers(box)[0]
    poisoned.poisoned = True
    assert box.run(ADD, TESTS).passed
    assert poisoned not in servers(box) and poisoned._process.poll() is not None


def test_a_full_queue_refuses(box: Sandbox) -> None:
    async def fill() -> list[object]:
        runs = [box.arun("import time\ntime.sleep(0.3)") for _ in range(6)]
        return await asyncio.gather(*runs, return_exceptions=True)

    box.queue = 1
    refused = [result for result in asyncio.run(fill()) if isinstance(result, Fault)]
    assert len(refused) == 3 and str(refused[0]) == "1 runs wait for the sandbox already."


def test_closing_leaves_no_process(box: Sandbox) -> None:
    others = descendants(os.getpid())
    session = box.session()
    box.run(ADD, TESTS)
    below = descendants(os.getpid()) - others
    assert below
    session.close()
    box.close()
    assert gone(below)
    assert box.run(ADD, TESTS).passed


def test_when_the_caller_is_killed_nothing_is_left() -> None:
    code = (
        "import asyncio, time\nfrom syllogym.envs.code.sandbox import Limits, Sandbox\n"
        "box = Sandbox()\nbox.run('')\nprint('ready', flush=True)\n"
        "box.run('while True: pass', limits=Limits(wall=60, cpu=60))"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout is not None and caller.stdout.readline() == "ready\n"
        time.sleep(0.3)
        below = descendants(caller.pid)
        caller.kill()
    assert below and gone(below)


def test_a_forked_child_of_the_caller_starts_servers_of_its_own(box: Sandbox) -> None:
    assert box.run(ADD, TESTS).passed
    pid = os.fork()
    if pid == 0:
        try:
            passed = box.run(ADD, TESTS).passed
            box.close()
            os._exit(0 if passed else 1)
        finally:
            os._exit(2)
    assert os.waitpid(pid, 0)[1] == 0
    assert box.run(ADD, TESTS).passed


def test_many_runs_leave_no_process_no_file_and_no_descriptor(box: Sandbox) -> None:
    async def many(runs: int) -> None:
        gate = asyncio.Semaphore(16)

        async def one(number: int) -> None:
            program = ADD if number % 2 else "import os\nopen('x', 'w').close()\nos._exit(0)"
            async with gate:
                assert (await box.arun(program, TESTS)).passed == bool(number % 2)

        await asyncio.gather(*map(one, range(runs)))

    def held() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), len(descendants(os.getpid()))

    asyncio.run(many(50))
    before = held()
    asyncio.run(many(200))
    assert held() == before
    assert box.run("import os\ndef f(): return os.listdir('.')", [Call("f", (), [])]).passed
