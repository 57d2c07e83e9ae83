"""What did a run write down, and what follows from it?

Everything here is computed from the files of the run directory alone, so that a summary can be made again at any time,
of a run that was cut off in the middle of a line too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import yaml

from syllogym.agents.episode import Episode
from syllogym.errors import UserError

Row = Mapping[str, Any]
T = TypeVar("T")

STAGES = {"warmup": "warm-up", "train": "training"}
SOLVED = 0.9
_RIVALS = {None: "", "grpo": "ppo", "q_learning": "sarsa", "sarsa": "q_learning", "dqn": ""}
"""What to compare a method with; grpo where none is named. Nothing else trains a network of values."""


class StageCost(NamedTuple):
    """What one stage took: steps, seconds of wall-clock time, tokens of the replies it learnt from."""

    stage: str
    steps: int
    seconds: float
    tokens: int


@dataclass(frozen=True)
class Record:
    """A run as its files tell it.

    Attributes:
        folder: the run directory.
        scenario_text: the resolved settings as they stand in the file.
        metrics: rows of metrics.jsonl in their order. episodes: the last sample episodes.
    """

    folder: Path
    scenario_text: str
    metrics: list[Row]
    episodes: list[Episode]

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The resolved settings."""
        return dict(yaml.safe_load(self.scenario_text) or {})

    @property
    def title(self) -> str:
        """What the run is about: the scenario's description, or else the folder's name."""
        return str(self.scenario.get("description") or self.folder.resolve().name)

    @property
    def evaluations(self) -> list[Row]:
        """Rows of the evaluations on held-out instances, in their order."""
        return [row for row in self.metrics if row["kind"] == "evaluate"]

    @property
    def milestones(self) -> list[Row]:
        """The evaluations that begin or end a stage."""
        return list(filter(is_milestone, self.evaluations))

    def costs(self) -> list[StageCost]:
        """Return what each stage took, evaluations left out."""
        taken: dict[str, StageCost] = {}
        before = 0.0
        for row in self.metrics:
            seconds, before = float(row["seconds"]) - before, float(row["seconds"])
            if row["kind"] in STAGES:
                cost = taken.get(row["kind"], StageCost(STAGES[row["kind"]], 0, 0.0, 0))
                tokens = cost.tokens + int(row.get("tokens", 0))
                taken[row["kind"]] = StageCost(cost.stage, int(row["step"]), cost.seconds + seconds, tokens)
        return list(taken.values())

    def lost(self) -> str:
        """Say how many episodes were lost to faults, in training and each evaluation, and to which most often."""
        last = {(row["kind"], row.get("label")): row for row in self.metrics if "fault" in row}
        where = {key: STAGES.get(key[0], f"evaluation {key[1]!r}") for key in last}
        return " ".join(
            f"Lost to faults in {where[key]}: {row['faults']:.0f} episodes; most often, {row['fault']}."
            for key, row in last.items()
        )

    def verdict(self) -> str:
        """Say in one sentence how held-out accuracy moved."""
        if len(self.milestones) < 2:
            return "There are not two evaluations to compare yet."
        told = [f"{accuracy_of(row)} {row['label']}" for row in self.milestones]
        return f"Held-out accuracy: {('; ' if any(map(roles_of, self.milestones)) else ', ').join(told)}."

    def suggestions(self) -> list[tuple[str, str]]:
        """Return what to try next: a reason and a command each."""
        environment = self.episodes[-1].env if self.episodes else ""
        steps, warmup = (_at(self.scenario, stage, "steps") for stage in ("train", "warmup"))
        key, method = self._method()
        accuracy = self.evaluations[-1]["accuracy"] if self.evaluations else None
        found = []
        if accuracy == 0 and warmup:
            found.append(
                ("Nothing was right, so nothing was reinforced: warm up longer.", f"warmup.steps={2 * warmup}")
            )
        elif accuracy is not None and accuracy < SOLVED and steps:
            found.append(("It is not solved yet: train twice as long.", f"train.steps={2 * steps}"))
        if rival := _RIVALS.get(method, "grpo"):
            found.append(("Compare another method.", f"{key}={rival}"))
        if "seed" in self.scenario:
            found.append(("See how much was luck: another seed.", f"seed={self.scenario['seed'] + 1}"))
        commands = [(why, f"syllogym train {self.folder / 'scenario.yaml'} --set {setting}") for why, setting in found]
        if accuracy is not None and accuracy >= SOLVED and environment:
            commands.insert(0, ("It is solved: see which options make it harder.", f"syllogym list {environment}"))
        if environment:
            commands.append(("Play it yourself.", f"syllogym play {environment}"))
        return [*commands, ("Measure the trained policy again.", f"syllogym evaluate {self.folder}")]

    def _method(self) -> tuple[str, str | None]:
        """Return the setting that names the method, and the method: a member's own where the team has no common one."""
        for member in self.scenario.get("team") or {}:
            if own := _at(self.scenario, "team", member, "algorithm", "name"):
                return f"team.{member}.algorithm.name", str(own)
        return "algorithm.name", _at(self.scenario, "algorithm", "name")


def roles_of(row: Row) -> list[str]:
    """Return the roles that an evaluation tells apart; none where a single one is trained."""
    return [key.removesuffix("/accuracy") for key in row if key.endswith("/accuracy")]


def accuracy_of(row: Row) -> str:
    """Return an evaluation's accuracy for the reader: one number where all roles have the same, else each role's."""
    each = {role: f"{row[f'{role}/accuracy']:.1%}" for role in roles_of(row)}
    if len(set(each.values())) > 1:
        return ", ".join(f"{role} {accuracy}" for role, accuracy in each.items())
    return f"{row['accuracy']:.1%}"


def is_milestone(evaluation: Row) -> bool:
    """Say whether an evaluation begins or ends a stage; those in the middle of one are labelled by their step."""
    return not str(evaluation["label"]).startswith("step ")


def read_record(folder: Path, samples: int = 3) -> Record:
    """Read a run directory, with the last `samples` episodes; a last line that was cut off is passed over."""
    scenario = folder / "scenario.yaml"
    if not scenario.is_file():
        raise UserError(f"There is no run in {folder}: it has no scenario.yaml.")
    return Record(
        folder,
        scenario.read_text(encoding="utf-8"),
        _lines(folder / "metrics.jsonl", json.loads),
        _lines(folder / "episodes.jsonl", Episode.from_json, samples),
    )


def _lines(file: Path, parse: Callable[[str], T], last: int | None = None) -> list[T]:
    if not file.is_file():
        return []
    text = file.read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines() if text.endswith("\n") else text.splitlines()[:-1]
    first = 0 if last is None else max(0, len(lines) - last)
    parsed = []
    for number, line in enumerate(lines[first:], start=first + 1):
        try:
            parsed.append(parse(line))
        except (ValueError, TypeError, KeyError) as error:
            raise UserError(f"{file}:{number}: this line was not written by a run: {error}.") from error
    return parsed


def _at(values: Any, *path: str) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values
