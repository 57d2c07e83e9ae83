"""Do a generator and a verifier teach each other more than outcomes alone teach? TANGO on last letters, 3 seeds.

``python -m benchmarks.tango [seed ...] [setting=value ...]`` writes one line of JSON for each setting and seed after
every 20 rollouts. All settings of a seed begin with the same warmed-up weights. GRPO alone has no verifier. It is
measured when its policy was updated as often as TANGO's generator, and when it has sampled as many tokens as TANGO's
two policies together. Verifiers judge solutions of the warmed-up generator, which are right and wrong, so that their
accuracy means the same throughout. All replies are sampled at temperature 1.
"""

from __future__ import annotations

import copy
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from syllogym.agents.episode import Episode
from syllogym.envs.teams.last_letter import labels, verdicts
from syllogym.scenarios.build import Trained, policy_players
from syllogym.scenarios.evaluate import held_out, wilson
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Stage
from syllogym.scenarios.stages import make_stage
from syllogym.scenarios.strict_yaml import load

_ALONE = "policy"
"""What the only policy of a scenario without a team is called."""

EVERY = 20
"""Rollouts from one measurement to the next."""

_UNBALANCED = "team.verifier.algorithm.reweight=false"


class Spent(NamedTuple):
    """What a run has spent: rollouts, those from which a generator learnt, sampled tokens, and CPU time."""

    rollouts: int = 0
    updates: int = 0
    tokens: float = 0.0
    cpu_seconds: float = 0.0


def main(seeds: list[int], settings: list[str]) -> None:
    """Warm up and train; print a line for each run."""
    for seed in seeds:
        given = [f"seed={seed}", *settings]
        warm = dict(_finish(make_stage("warmup", _scenario(given))))
        _tell({"seed": seed, "setting": "after warm-up"}, _scenario(given), warm, warm)
        marks = _team({"seed": seed, "setting": "TANGO"}, _scenario(given), warm)
        _team({"seed": seed, "setting": "classes not balanced"}, _scenario([*given, _UNBALANCED]), warm)
        _by_outcome({"seed": seed}, _scenario_alone(given), {_ALONE: warm["generator"]}, marks)


def _team(row: dict[str, Any], scenario: Scenario, warm: Mapping[str, Trained]) -> list[Spent]:
    """Train both; tell how it goes, and return what was spent by then."""
    told = []
    for stage, spent in _train(scenario, warm):
        if spent.rollouts % EVERY == 0:
            told.append(spent)
            _tell({**row, **spent._asdict()}, scenario, stage.policies, warm)
    return told


def _by_outcome(row: dict[str, Any], scenario: Scenario, warm: Mapping[str, Trained], marks: Sequence[Spent]) -> None:
    """Train by GRPO alone; tell how it goes wherever it has spent as much, by either account."""
    goals = [(what, getattr(mark, what)) for what in ("updates", "tokens") for mark in marks if mark.updates]
    for stage, spent in _train(scenario, warm):
        for what, goal in [each for each in goals if getattr(spent, each[0]) >= each[1]]:
            goals.remove((what, goal))
            _tell({**row, "setting": f"GRPO alone, equal {what}", **spent._asdict()}, scenario, stage.policies, {})
        if not goals:
            return


def _train(scenario: Scenario, warm: Mapping[str, Trained]) -> Iterator[tuple[Stage, Spent]]:
    """Yield the stage after each rollout, with what it has spent."""
    stage, spent = make_stage("train", scenario, policies=copy.deepcopy(dict(warm))), Spent()
    while not stage.done:
        began = time.process_time()
        metrics = stage.advance()
        cpu = spent.cpu_seconds + time.process_time() - began
        if metrics is not None:
            learnt = "generator/loss" in metrics or "loss" in metrics
            spent = Spent(stage.step, spent.updates + learnt, spent.tokens + metrics["tokens"], cpu)
            yield stage, spent


def _tell(
    row: dict[str, Any], scenario: Scenario, policies: Mapping[str, Trained], warm: Mapping[str, Trained]
) -> None:
    _, episodes = held_out(scenario, policy_players(scenario, policies), "")
    right = [_right(episode) for episode in episodes]
    low, high = wilson(sum(right), len(right))
    row |= {"generator": sum(right) / len(right), "low": low, "high": high}
    if "verifier" in scenario.members:
        judging = {**policies, "generator": warm["generator"]}
        row |= _verifier(held_out(scenario, policy_players(scenario, judging), "")[1])
    print(json.dumps(row), flush=True)


def _right(episode: Episode) -> bool:
    return episode.part("correct", "generator") == 1.0


def _verifier(episodes: Sequence[Episode]) -> dict[str, float]:
    """Return the share of steps, and of solutions, that are judged rightly: of all, of right ones and of wrong ones."""
    hits: dict[str, list[bool]] = defaultdict(list)
    for episode in episodes:
        correct = _right(episode)
        asked, solution = str(episode.steps[0].prompt[0]["content"]), episode.steps[0].reply
        truth = [*labels(asked.split(), solution), correct]
        _, marks = verdicts(episode.steps[-1].reply)
        fits = len(marks) == len(truth)  # else no step is judged
        for at, is_so in enumerate(truth):
            what = "whole" if at == len(truth) - 1 else "step"
            mark = marks[at] if fits else marks[-1] if marks and what == "whole" else None
            hits[what].append(mark == is_so)
            hits[f"{what}_{'right' if is_so else 'wrong'}"].append(mark == is_so)
    return {name: sum(found) / len(found) for name, found in sorted(hits.items())}


def _scenario_alone(settings: list[str]) -> Scenario:
    """Return the scenario in which the generator learns by GRPO, and nobody judges its steps."""
    _, tree = load("tango", Scenario, settings)
    tree |= {"team": {}, "algorithm": {"name": "grpo"}, "players": {"verifier": "silent"}}
    tree["train"] = {**tree["train"], "schedule": [], "steps": 100_000}
    tree["environment"] = {**tree["environment"], "process": 0.0}
    with TemporaryDirectory() as folder:
        file = Path(folder) / "alone.yaml"
        file.write_text(yaml.safe_dump(tree), encoding="utf-8")
        return load(file, Scenario)[0]


def _scenario(settings: list[str]) -> Scenario:
    return load("tango", Scenario, settings)[0]


def _finish(stage: Stage) -> Mapping[str, Trained]:
    while not stage.done:
        stage.advance()
    return stage.policies


if __name__ == "__main__":
    numbers = [one for one in sys.argv[1:] if one.isdigit()]
    main([int(seed) for seed in numbers] or [0, 1, 2], [one for one in sys.argv[1:] if not one.isdigit()])
