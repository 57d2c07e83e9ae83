"""A grid small enough to run in a second, and records to measure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from syllogym.envs.tree.usage import Usage
from syllogym.scenarios.search.search_record import Place, SearchRecord

SHAPE = ("nodes", "depth", "branching", "answers", "dead", "illegal", "known", "refused")

GRID = """
environment: {name: math/game24}
evaluate:
  episodes: 3
  search:
    player: calibrated_game24
    strategies: [tot_bfs, {name: beam, width: 2}]
    budgets: [{tokens: 2000}, {nodes: 20}]
    seeds: 2
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    """Return the file of a scenario of 3 problems, 6 strategies, 2 budgets and 2 seeds: 72 searches."""
    file = tmp_path / "small.yaml"
    file.write_text(GRID, encoding="utf-8")
    return str(file)


def record(
    problem: int,
    curve: Sequence[tuple[int, float]],
    spent: int = 100,
    strategy: str = "tot_bfs",
    seed: int = 0,
    best: Sequence[float] = (),
) -> SearchRecord:
    """Return a record of a search that had these scores after as many tokens."""
    points = [(Usage(completion=tokens), score) for tokens, score in curve]
    place = Place(strategy, "100 tokens", seed, problem)
    return SearchRecord(
        place, "x", curve[-1][1], Usage(completion=spent), points, list(best), dict.fromkeys(SHAPE, 1.0)
    )
