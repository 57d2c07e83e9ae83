"""How much of a training step is neither sampling, forward, backward nor optimiser?

The step of `benchmarks.train_step` (0.80M parameters, one thread, 8 x 8 replies, of 32 tokens or of 97 in the mean),
with the CPU time inside those four counted. The rest is the loop's own: environments, prompts, players, episodes,
batches, credit, metrics. Run it as ``python -m benchmarks.loop_share``.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import torch

from benchmarks.measure import ROUNDS
from benchmarks.train_step import FIXED, RAGGED, SKIPPED, our_steps, write_model
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.policy import Policy
from syllogym.algorithms.core.learner import Learner

PARTS = {
    "sampling": (LocalEngine, "_advance"),
    "forward": (Policy, "score"),
    "backward": (torch.Tensor, "backward"),
    "clipping": (torch.nn.utils, "clip_grad_norm_"),
    "optimiser": (Learner, "_step"),
}


@contextmanager
def counted(owner: Any, name: str, part: str, spent: Counter[str]) -> Iterator[None]:
    """Count the CPU time inside a function for a while."""
    plain: Callable[..., Any] = getattr(owner, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        began = time.process_time()
        try:
            return plain(*args, **kwargs)
        finally:
            spent[part] += time.process_time() - began

    setattr(owner, name, timed)
    try:
        yield
    finally:
        setattr(owner, name, plain)


def shares(tokens: int) -> dict[str, list[float]]:
    """Return what each part takes of each of some steps, ``own`` among them."""
    found: dict[str, list[float]] = {name: [] for name in (*PARTS, "own")}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        write_model(Path(folder))
        stage = our_steps(folder, tokens)
        spent: Counter[str] = Counter()
        for part, (owner, name) in PARTS.items():
            stack.enter_context(counted(owner, name, part, spent))
        for step in range(SKIPPED + ROUNDS):
            spent.clear()
            began = time.process_time()
            stage.advance()
            whole = time.process_time() - began
            if step >= SKIPPED:
                for part in PARTS:
                    found[part].append(spent[part] / whole)
                found["own"].append(1 - spent.total() / whole)
    return found


if __name__ == "__main__":
    torch.set_num_threads(1)
    for tokens, lengths in ((FIXED, "replies of 32 tokens"), (RAGGED, "replies of 97 tokens in the mean")):
        print(lengths)
        for part, each in shares(tokens).items():
            print(f"  {part:10} {statistics.median(each):6.1%}  ({min(each):.1%} to {max(each):.1%})")
