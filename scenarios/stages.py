"""Which stages does a run have? Warm-up on demonstrations where the scenario wants one, then reinforcement learning."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from syllogym.scenarios.asynchronous import Asynchronous
from syllogym.scenarios.build import Trained, make_policies
from syllogym.scenarios.reinforcement import Reinforcement
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.warmup import WarmUp


def make_stage(
    name: str, scenario: Scenario, *, policies: Mapping[str, Trained] | None = None, path: Path | None = None
) -> Stage:
    """Make a stage for policies; load them from `path` (a checkpoint), or begin them, when none are given."""
    if policies is None:
        policies = make_policies(scenario, critic=True, path=path)
    if name == WarmUp.name:
        return WarmUp(scenario, policies)
    return (Asynchronous if scenario.train.asynchronous else Reinforcement)(scenario, policies)
