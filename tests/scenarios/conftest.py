"""A scenario small enough to run whole in two seconds, with every part in it that a real one has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.choosy import CHOOSY

MICRO = """
environment: {name: games/guess_number, high: 3, max_turns: 2}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 128}}
warmup: {steps: 20, batch: 16, optimiser: {lr: 0.03, warmup: 2}}
algorithm: {name: grpo, epochs: 2, minibatches: 2, kl: 0.01}
train: {steps: 3, prompts: 4, group: 4}
sampling: {max_tokens: 3}
evaluate: {episodes: 4, every: 2}
checkpoint: {every: 1, keep: 100}
threads: 1
"""


@pytest.fixture
def micro(tmp_path: Path) -> Path:
    """Return the file of a scenario that takes 20 warm-up steps and 3 x 4 updates in the middle of rollouts."""
    file = tmp_path / "micro.yaml"
    file.write_text(MICRO, encoding="utf-8")
    return file


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Return the file of a scenario that is played in letters, see `tests.scenarios.ahead`."""
    file = tmp_path / "letters.yaml"
    file.write_text(CHOOSY, encoding="utf-8")
    return file
