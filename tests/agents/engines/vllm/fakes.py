"""How do tests get an engine whose worker is a fake?"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.agents.engines.vllm.host import Host
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.policy import Policy
from tests.agents.models import tiny_policy

POLICY = tiny_policy()
PROMPTS = [[7, 8, 9], [10], [11, 12, 13], [7, 8, 9], [20, 21]]


@contextmanager
def fake(how: str = "well", *, policy: Policy = POLICY, follow: bool = True, **options: Any) -> Iterator[VLLMEngine]:
    """An engine whose worker behaves as `how` says, with the policy's own scores unless these are to be wrong."""
    host = Host(policy, VLLMOptions(**options), program=["there", "is", "none"])
    engine = VLLMEngine(policy, follow=follow, host=host)
    probe = engine.guest.probe
    probe.expect()
    length = len(probe.sequences[0]) - 1
    expected = probe._expected.view(-1, length).tolist()
    if how == "scores wrongly":
        expected[1][3] += 2e-4
    if how == "scores nothing":
        expected[0][0] = float("nan")
    scores = {str(ids): score for ids, score in zip(probe.sequences, expected, strict=True)}
    program = Path(__file__).with_name("fake_worker.py")
    host.launch.program = [sys.executable, str(program), how, json.dumps(scores)]
    try:
        yield engine
    finally:
        engine.close()
        shutil.rmtree(host.launch.folder, ignore_errors=True)  # a log that was kept


def happened(engine: VLLMEngine, what: str) -> int:
    """Return how often something happened in the workers."""
    return (engine.host.launch.folder / "happened").read_text(encoding="utf-8").split("\n").count(what)


def replies(engine: VLLMEngine, prompts: list[list[int]] = PROMPTS, max_tokens: int = 4) -> list[Sample]:
    """Sample a reply to each prompt at once; seeds count from 0."""

    async def all_at_once() -> list[Sample]:
        sampling = Sampling(max_tokens=max_tokens)
        return await asyncio.gather(
            *(engine.generate(ids, seed=at, sampling=sampling) for at, ids in enumerate(prompts))
        )

    return asyncio.run(all_at_once())
