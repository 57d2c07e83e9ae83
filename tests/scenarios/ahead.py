"""What do the tests of asynchronous training play? A scenario whose groups are mixed from the first rollout on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from syllogym.scenarios.asynchronous import Asynchronous
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

EASY = ("environment.hopeless=0.0", "algorithm={name: grpo, epochs: 2, minibatches: 2}", "train.asynchronous={}")
UPDATES = 4


def stage_of(file: Path, *given: str) -> Asynchronous:
    stage = make_stage("train", load(str(file), Scenario, [*EASY, *given])[0])
    assert isinstance(stage, Asynchronous)
    return stage


def rollouts_of(stage: Asynchronous) -> Iterator[dict[str, float]]:
    """Take all optimiser steps; yield the metrics of each rollout."""
    with closing(stage):
        while not stage.done:
            metrics = stage.advance()
            if metrics is not None:
                yield metrics


def no_thread_is_left() -> bool:
    return not any(thread.name == "syllogym-play" for thread in threading.enumerate())
