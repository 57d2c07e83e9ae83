"""How good are routers? Fitted to a part of a table, judged on the rest, beside every baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError
from syllogym.scenarios.analysis.bootstrap import RESAMPLES
from syllogym.scenarios.evaluate import read_target
from syllogym.scenarios.routing.baselines import baselines, decisions
from syllogym.scenarios.routing.report import Report
from syllogym.scenarios.run_directory import fresh_folder


def judge(
    train: RoutingTable,
    test: RoutingTable,
    routers: Mapping[str, Any],
    *,
    title: str = "Routing",
    points: int = 20,
    cluster: bool | None = None,
    draws: int = RESAMPLES,
    seed: int = 0,
) -> Report:
    """Fit routers to one table, and report how they do on another.

    Args:
        train, test: with the same models. routers: by name, each with `fit` and `expect`.
        points: prices of money at which each decides, at most.
        cluster, draws, seed: see `syllogym.scenarios.routing.find.find`.

    Raises:
        UserError: the tables have different models, or questions in common.
    """
    if train.models != test.models:
        raise UserError(f"Routers learn from {', '.join(train.models)} and are judged on {', '.join(test.models)}.")
    seen = set(train.questions) & set(test.questions)
    if seen:
        raise UserError(
            f"{len(seen)} questions are in both parts, such as {min(seen)[:80]!r}; routers would know them."
        )
    found: dict[str, Any] = {**baselines(train, test, points=points, seed=seed)}
    for name, router in routers.items():
        found[name] = decisions(name, router, train, test, points=points, seed=seed)
    strongest = train.models[int(train.quality.mean(axis=0).argmax())]
    return Report.of(found, strongest, title=title, cluster=cluster, draws=draws, seed=seed)


def evaluate_routing(
    target: str, overrides: Sequence[str] = (), *, episodes: int | None = None, run_dir: Path | None = None
) -> tuple[Report, Path]:
    """Compare the routers that ``evaluate.routing`` of a scenario names; write the report into a folder.

    Args:
        target: a scenario's name or file. overrides: settings such as ``evaluate.routing.points=50``.
        episodes: judge on so many questions at most. run_dir: where files go; a new folder when None.

    Returns:
        The report, and the folder: ``routing.html``, ``routing.md``, ``findings.json`` and pictures.

    Raises:
        UserError: for settings or tables that cannot be.
    """
    scenario, run = read_target(target, overrides)
    spec = scenario.evaluate.routing
    if spec is None:
        raise UserError(
            "evaluate.routing: which table? As in --set 'evaluate.routing={table: {name: routerbench, path: ...}}'."
        )
    folder = fresh_folder(target, run, "routing") if run_dir is None else run_dir
    if folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} holds something already; name another folder with --run-dir.")
    train, test = load_table(spec.table).split(spec.test, salt=f"{spec.seed}/" if spec.seed else "")
    report = judge(
        train,
        test if episodes is None else test.rows(range(min(episodes, len(test)))),
        {router.label: router.make() for router in spec.routers},
        title=scenario.description or f"Routing on {test.name}",
        points=spec.points,
        cluster=spec.families,
        draws=spec.draws,
        seed=spec.seed,
    )
    report.write(folder)
    return report, folder
