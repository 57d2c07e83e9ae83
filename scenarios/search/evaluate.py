"""How good is a search? Strategies under budgets from several seeds, on problems that training never draws."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from syllogym import envs
from syllogym.agents.search.model import Model
from syllogym.agents.search.prompts import Prompts
from syllogym.agents.search.request import Answerer
from syllogym.envs.tree.search_task import SearchTask
from syllogym.envs.tree.tasks import task_of
from syllogym.errors import UserError
from syllogym.scenarios.build import make_tasks
from syllogym.scenarios.display import Display
from syllogym.scenarios.evaluate import players_of, read_target
from syllogym.scenarios.run_directory import write_whole
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.search.findings import Findings, find
from syllogym.scenarios.search.grid import Cell, cells, check
from syllogym.scenarios.search.pictures import draw_curves, draw_pass_at_k
from syllogym.scenarios.search.players import SCRIPTED, scripted
from syllogym.scenarios.search.report import markdown
from syllogym.scenarios.search.run import Grid, claim
from syllogym.scenarios.search.search_record import SearchRecord
from syllogym.scenarios.search_spec import POLICY, SearchSpec, ThinkerSpec


def evaluate_search(
    target: str,
    overrides: Sequence[str] = (),
    *,
    episodes: int | None = None,
    run_dir: Path | None = None,
    trees: bool = False,
) -> tuple[Findings, Path]:
    """Run the grid of searches that ``evaluate.search`` of a scenario describes; go on where it broke off.

    Args:
        target: a scenario's name or file, or a run directory, whose trained policy then is the player by default.
        overrides: settings such as ``evaluate.search.seeds=5``.
        episodes: how many problems; the scenario's own number when None.
        run_dir: where files go. One that holds a part of the same grid is completed. A new folder when None.
        trees: keep every tree, as JSON and as a page for the browser.

    Returns:
        What was found, and the folder: ``search.md``, pictures, ``findings.json``, and ``records.jsonl``.

    Raises:
        UserError: for settings that cannot be, or another grid in `run_dir`.
    """
    scenario, run = read_target(target, overrides, episodes)
    spec = scenario.evaluate.search
    if spec is None:
        raise UserError(
            "evaluate.search: which strategies, and how much may they spend? As in --set "
            "'evaluate.search={strategies: [tot_bfs], budgets: [{tokens: 20000}]}'."
        )
    if envs.get(scenario.environment.name).name in ("tree/search", "tree/team"):
        raise UserError(f"environment: {scenario.environment.name} is a search; name what is searched.")
    folder = run_dir or _new_folder(target, run)
    tasks = problems(scenario)
    with closing(scenario.engine):
        proposer, evaluator = thinkers(scenario, spec, run)
        check(_one_each(spec), tasks[0], proposer, evaluator)
        claim(folder, _settings(scenario, spec, run))
        grid = Grid(spec, tasks, proposer, evaluator, folder, scenario.seed, trees)
        findings = find(_title(scenario), _run(grid, scenario, folder))
    write(findings, folder)
    return findings, folder


def problems(scenario: Scenario) -> list[SearchTask[Any]]:
    """Return the held-out instances as spaces of states."""
    found = []
    for task in make_tasks(scenario, "eval", range(scenario.evaluate.episodes)):
        env = envs.make_plain(task.env, split=task.split, max_turns=task.max_turns, **task.options)
        env.reset(seed=task.seed)
        try:
            found.append(task_of(env))
        except TypeError as error:  # what a copy says of sockets, processes and the like
            raise UserError(f"{task.env} cannot be forked, so it cannot be searched: {error}.") from error
    return found


def thinkers(scenario: Scenario, spec: SearchSpec, run: Path | None) -> tuple[Answerer, Answerer]:
    """Return who proposes and who judges."""
    proposer, judge = _pair(scenario, spec, spec.player, run)
    return proposer, judge if spec.evaluator is None else _pair(scenario, spec, spec.evaluator, run)[1]


def write(findings: Findings, folder: Path) -> None:
    """Write the report, its pictures and all numbers."""
    write_whole(folder / "search.md", markdown(findings).encode())
    write_whole(folder / "findings.json", (json.dumps(findings.to_json(), indent=1) + "\n").encode())
    write_whole(folder / "curves.png", draw_curves(findings))
    write_whole(folder / "pass_at_k.png", draw_pass_at_k(findings))


def _pair(scenario: Scenario, spec: SearchSpec, thinker: ThinkerSpec, run: Path | None) -> tuple[Any, Any]:
    if thinker.name in SCRIPTED:
        if thinker.name == "calibrated_game24" and scenario.environment.name != "math/game24":
            raise UserError(f"calibrated_game24 plays math/game24 alone, not {scenario.environment.name}.")
        return scripted(thinker.name, thinker.options)
    if thinker.name == POLICY:
        player: Any = players_of(scenario, None, run, draws=True)[scenario.bound[scenario.roles[0]]]
    else:
        player = {"name": thinker.name, **thinker.options}
    model = Model(of=player, prompts=Prompts(**spec.prompts))  # type: ignore[arg-type]
    return model, model


def _one_each(spec: SearchSpec) -> list[Cell]:
    return [cell for cell in cells(spec) if cell.seed == 0]


def _run(grid: Grid, scenario: Scenario, folder: Path) -> list[SearchRecord]:
    with Display(_title(scenario), ["search"]) as display:
        display.phase("search", grid.total)

        def tell(cell: Cell, done: int, records: Sequence[SearchRecord]) -> None:
            accuracy = float(np.mean([record.score for record in records]))
            display.step(done, {"accuracy": accuracy})
            if len(records) == len(grid.tasks):
                display.note(f"{cell.label}, {cell.budget_label}, seed {cell.seed}: {accuracy:.1%}")

        try:
            return asyncio.run(grid.run(tell))
        except (KeyboardInterrupt, UserError):
            display.note(f"What is finished is kept; the same command with --run-dir {folder} goes on.")
            raise


def _title(scenario: Scenario) -> str:
    title = scenario.description or f"Searching {scenario.environment.name}"
    return title[0].upper() + title[1:]


def _settings(scenario: Scenario, spec: SearchSpec, run: Path | None) -> dict[str, Any]:
    """Return what a grid depends on."""
    return {
        "environment": scenario.environment.model_dump(mode="json"),
        "episodes": scenario.evaluate.episodes,
        "seed": scenario.seed,
        "policy": str(run) if run is not None else None,
        **spec.model_dump(mode="json"),
    }


def _new_folder(target: str, run: Path | None) -> Path:
    inside, name = (Path("runs"), Path(target).stem) if run is None else (run, "search")
    return next(folder for n in range(1, 10**6) if not (folder := inside / f"{name}-{n:03d}").exists())
