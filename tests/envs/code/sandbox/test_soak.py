"""Does the sandbox still do its work after a while of hostile programs among honest ones?"""

from __future__ import annotations

import asyncio
import os
import time

import pytest

from syllogym.envs.code.sandbox import Call, Sandbox
from tests.envs.code.sandbox import corpus
from tests.envs.code.sandbox.conftest import SHORT
from tests.envs.code.sandbox.corpus import as_expected, programs
from tests.envs.code.sandbox.test_pool import descendants

SECONDS = 20.0


@pytest.mark.slow
def test_hostile_programs_do_not_wear_it_out(sandbox: Sandbox) -> None:
    """A little of what the benchmark does for longer (`python -m benchmarks.sandbox 30`)."""
    hostile = programs(corpus.OWN)
    wrong: list[str] = []
    failed: list[str] = []

    async def worker(number: int) -> None:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            program = hostile[number % len(hostile)]
            verdict = await sandbox.arun(program.source, program.asked(), limits=SHORT)
            if not as_expected(program, verdict) and verdict.status != "timeout":
                wrong.append(f"{program.name}: {verdict}")
            honest = await sandbox.arun(f"def f(): return {number}", [Call("f", (), number)])
            failed.extend([] if honest.passed else [str(honest)])
            number += 8

    async def workers() -> None:
        await asyncio.gather(*map(worker, range(8)))

    asyncio.run(workers())
    assert not wrong and not failed
    before = len(os.listdir("/proc/self/fd")), descendants(os.getpid())
    assert sandbox.run("").passed
    assert (len(os.listdir("/proc/self/fd")), descendants(os.getpid())) == before
