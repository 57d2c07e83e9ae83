"""How did a policy that routes do? Its episodes as decisions on a table of their questions, beside every baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syllogym import envs
from syllogym.agents.episode import Episode
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.posed import Posed
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError
from syllogym.scenarios.build import make_tasks
from syllogym.scenarios.routing.baselines import baselines
from syllogym.scenarios.routing.report import Report
from syllogym.scenarios.schema import Scenario

_LEARN = 512
"""Training questions that baselines learn from."""


@dataclass(frozen=True, eq=False)
class Played:
    """Episodes on the N questions of a table, as `Routed` are; their quality is what they were judged by.

    Attributes:
        name: of who played. table: the questions, and what models alone make of them.
        quality, cost: (N,), what came of each episode, and its dollars. asked: (N, M) whether a model was asked.
        answered: (N,) who was asked last, -1 where nobody was. calls: of each episode, who was asked what for how much.
    """

    name: str
    table: RoutingTable
    quality: Array
    cost: Array
    asked: NDArray[np.bool_]
    answered: NDArray[np.int64]
    calls: Sequence[Sequence[Sequence[Any]]]
    scores: None = None


def is_routing(name: str) -> bool:
    """Tell whether models are asked in an environment, so that its episodes can be judged as routing."""
    return hasattr(envs.get(name), "posed")


def report_on(scenario: Scenario, name: str, episodes: Sequence[Episode], *, draws: int = 2000) -> Report:
    """Report on the evaluation episodes of a scenario in whose environment models are asked.

    Baselines learn from training instances, and decide on the questions of these episodes.

    Raises:
        UserError: nobody knows what the models would have replied, so that there are no baselines.
    """
    asked = {episode.seed: episode for episode in episodes}
    train = table_of(scenario, "train", range(_LEARN))[0]
    test, seeds = table_of(scenario, "eval", range(scenario.evaluate.episodes), asked)
    fresh = [row for row, question in enumerate(train.questions) if question not in set(test.questions)]
    if not fresh:
        raise UserError(f"{scenario.environment.name}: training asks no other questions than the evaluation.")
    train = train.rows(fresh)
    decisions: dict[str, Any] = {**baselines(train, test, seed=scenario.seed)}
    name = f"{name} (played)" if name in decisions else name
    decisions[name] = [as_decisions(name, test, [asked[seed] for seed in seeds])]
    strongest = train.models[int(train.quality.mean(axis=0).argmax())]
    title = scenario.description or f"Routing by {name} in {scenario.environment.name}"
    return Report.of(decisions, strongest, title=title, draws=draws, seed=scenario.seed)


def table_of(
    scenario: Scenario, split: str, numbers: Sequence[int], among: Mapping[int, object] | None = None
) -> tuple[RoutingTable, list[int]]:
    """Return what every model makes of the questions of these instances, each question once, and their seeds.

    Args:
        among: seeds of the instances that are wanted; all of them when None.
    """
    found: dict[str, tuple[Posed, int]] = {}
    for task in make_tasks(scenario, split, numbers):
        if among is None or task.seed in among:
            env: Any = envs.make_plain(task.env, split=task.split, max_turns=task.max_turns, **task.options)
            env.reset(seed=task.seed)
            posed: Posed = env.posed()
            if posed.known is None:
                raise UserError(
                    f"{task.env}: nobody knows what these experts would reply without asking them, so there are no "
                    "baselines to report beside."
                )
            found.setdefault(posed.question.text, (posed, task.seed))
    first = next(iter(found.values()))[0].known
    models = list(first or ())
    cells = np.array([[(posed.known or {})[model] for model in models] for posed, _ in found.values()])
    return RoutingTable(
        scenario.environment.name,
        tuple(ModelCard(model) for model in models),
        tuple(found),
        cells[:, :, 0],
        cells[:, :, 1],
        tuple(posed.question.family for posed, _ in found.values()),
    ), [seed for _, seed in found.values()]


def as_decisions(name: str, table: RoutingTable, episodes: Sequence[Episode]) -> Played:
    """Return the episodes on the questions of a table, one for each row, as decisions."""
    asked = np.zeros(table.quality.shape, dtype=np.bool_)
    answered = np.full(len(table), -1, dtype=np.int64)
    for row, episode in enumerate(episodes):
        for model, _, _ in episode.ledger:
            answered[row] = table.column(model)
            asked[row, answered[row]] = True
    return Played(
        name,
        table,
        np.array([episode.part("correct", episode.steps[-1].agent) or 0.0 for episode in episodes]),
        np.array([episode.counts.get("dollars", 0.0) for episode in episodes]),
        asked,
        answered,
        [episode.ledger for episode in episodes],
    )


def write_report(scenario: Scenario, name: str, episodes: Sequence[Episode], folder: Path) -> Report:
    """Report on the episodes, and write that into a folder."""
    report = report_on(scenario, name, episodes)
    report.write(folder)
    return report
