"""How long does vLLM, in another process, take to take up new weights, and how far are its log-probs from the policy's?

`SYLLOGYM_VLLM_PYTHON=... python -m benchmarks.vllm_sync`. Every weight is changed before each sync. A sync is the copy
into shared memory, vLLM's taking it up, and the probe of both sides. Wall times say what the machine was doing, too;
CPU times are those of both processes together.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks.train_step import write_model
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.policy import Policy

SYNCS, TOKENS, REPLIES = 20, 32, 32


LARGE = {
    "hidden_size": 512, "intermediate_size": 1536, "num_hidden_layers": 8, "head_dim": 64, "num_attention_heads": 8,
    "num_key_value_heads": 4,
}  # fmt: skip


def main() -> None:
    torch.set_num_threads(1)
    for shape in ({}, LARGE):
        with tempfile.TemporaryDirectory() as folder:
            write_model(Path(folder), **shape)
            measure(Policy.load(folder))


def measure(policy: Policy) -> None:
    policy.chat.end_ids = frozenset()
    engine = VLLMEngine(policy, VLLMOptions(), follow=False)
    try:
        began = time.monotonic()
        asyncio.run(engine.take_up())
        print(f"{sum(w.numel() for w in policy.model.parameters()) / 1e6:.1f} M parameters")
        print(f"  ready in {time.monotonic() - began:.0f} s")
        process: Any = engine.host.replicas[0].process
        asyncio.run(gaps(engine, policy, "before any sync"))
        times: dict[str, list[tuple[float, float]]] = {"copy": [], "take": [], "sync": []}
        for number in range(SYNCS):
            change(policy)
            timed(times["copy"], process.pid, lambda: engine.guest.memory.write(policy.plain_weights()))
            taking = engine.host._take(process, 0, number, engine.guest.memory)
            timed(times["take"], process.pid, lambda taking=taking: asyncio.run(wait(taking)))
            timed(times["sync"], process.pid, lambda: asyncio.run(engine.take_up()))
            if number + 1 in (1, 10):
                asyncio.run(gaps(engine, policy, f"after {number + 1} syncs"))
        for what, each in times.items():
            wall, used = zip(*each, strict=True)
            print(
                f"  {what}: wall {1e3 * statistics.median(wall):.1f} ms (lowest {1e3 * min(wall):.1f}), "
                f"CPU {1e3 * statistics.median(used):.1f} ms"
            )
    finally:
        engine.close()


async def wait(answer: Any) -> None:
    await answer


def change(policy: Policy) -> None:
    """Change every weight by about what its matrix is made of."""
    policy.version += 1
    with torch.no_grad():
        for weight in policy.model.parameters():
            weight.add_(0.002 * torch.randn_like(weight))


def timed(times: list[tuple[float, float]], pid: int, run: Callable[[], object]) -> None:
    wall, used = time.perf_counter(), cpu_seconds(os.getpid()) + cpu_seconds(pid)
    run()
    times.append((time.perf_counter() - wall, cpu_seconds(os.getpid()) + cpu_seconds(pid) - used))


def cpu_seconds(pid: int) -> float:
    """CPU time of a process; Linux counts the time of its threads in nanoseconds."""
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


async def gaps(engine: VLLMEngine, policy: Policy, when: str) -> None:
    sampling = Sampling(max_tokens=TOKENS)
    prompts = [[10 + at, 11, 12, 13] for at in range(REPLIES)]
    samples = await asyncio.gather(
        *(engine.generate(prompt, seed=at, sampling=sampling) for at, prompt in enumerate(prompts))
    )
    sequences = [torch.tensor([*prompt, *sample.ids]) for prompt, sample in zip(prompts, samples, strict=True)]
    row = torch.arange(REPLIES).repeat_interleave(TOKENS)
    position = torch.arange(4, 4 + TOKENS).repeat(REPLIES)
    with torch.no_grad():
        mine = policy.score(sequences, row, position).logprobs
    gap = (mine - torch.tensor([logprob for sample in samples for logprob in sample.logprobs])).abs()
    print(f"  gap {when}: max {gap.max():.1e}, mean {gap.mean():.1e} on {len(gap)} sampled tokens")


if __name__ == "__main__":
    main()
