"""What came of a grid? By budget and strategy: accuracy, the gain over the best baseline at equal tokens, cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from syllogym.scenarios.analysis.pass_at_k import Curve, pass_at_k
from syllogym.scenarios.search.curves import AXES, Amount, anytime, by_problem, mean
from syllogym.scenarios.search.grid import BASELINES
from syllogym.scenarios.search.search_record import BEST, SearchRecord

_SOLVED = 1.0 - 1e-9


@dataclass(frozen=True)
class Row:
    """A strategy under a budget; amounts are means over searches.

    Attributes:
        accuracy: mean score of its answers, with the 95 % band over problems.
        rival, gain: for what is no baseline, the baseline that is best at as many tokens (calls, where nobody counts
            tokens), and how much better the strategy is than that, paired by problem.
        usage: by name. tree: what trees were like, by name.
        best_of: whether one of the k best answers is right, for k from 1. over_seeds: pass@k over the seeds, likewise.
        lost: searches that ended in a fault; they count as not solved. fault: of one of them.
    """

    strategy: str
    budget: str
    searches: int
    accuracy: Curve
    rival: str | None
    gain: Curve | None
    usage: dict[str, float]
    tree: dict[str, float]
    best_of: list[float]
    over_seeds: list[float]
    lost: int
    fault: str


@dataclass(frozen=True)
class Findings:
    """Everything that was found.

    Attributes:
        title: of the grid. unit: in what cost is equal. problems, seeds: how many. rows: budget by budget.
        records: of all searches.
    """

    title: str
    unit: str
    problems: int
    seeds: int
    rows: list[Row]
    records: list[SearchRecord]

    def to_json(self) -> dict[str, Any]:
        """Return all numbers as plain data."""
        return {**{key: getattr(self, key) for key in ("title", "unit", "problems", "seeds")},
                "rows": [asdict(row) for row in self.rows]}  # fmt: skip


def find(title: str, records: Sequence[SearchRecord]) -> Findings:
    """Measure everything; the records are those of a whole grid."""
    groups = grouped(records)
    unit = "tokens" if any(record.usage.tokens for record in records) else "calls"
    rows = [
        _row(groups, strategy, budget, AXES[unit])
        for budget in dict.fromkeys(record.place.budget for record in records)
        for strategy, its in groups
        if its == budget
    ]
    problems, seeds = (len({getattr(record.place, name) for record in records}) for name in ("problem", "seed"))
    return Findings(title, unit, problems, seeds, rows, list(records))


def grouped(records: Sequence[SearchRecord]) -> dict[tuple[str, str], list[SearchRecord]]:
    """Return the records of each strategy under each budget."""
    groups: dict[tuple[str, str], list[SearchRecord]] = {}
    for record in records:
        groups.setdefault((record.place.strategy, record.place.budget), []).append(record)
    return groups


def _row(groups: dict[tuple[str, str], list[SearchRecord]], strategy: str, budget: str, amount: Amount) -> Row:
    records = groups[strategy, budget]
    scores = by_problem(records, [[record.score] for record in records])
    rival = gain = None
    if strategy not in BASELINES:
        spent = np.array([np.mean([amount(record.usage) for record in records])])
        others = {name: anytime(groups[name, budget], amount, spent) for name in BASELINES}
        rival = max(others, key=lambda name: float(others[name].mean()))
        gain = mean(scores - others[rival])
    faults = [record.fault for record in records if record.fault]
    return Row(
        strategy,
        budget,
        len(records),
        mean(scores),
        rival,
        gain,
        {
            name: float(np.mean([getattr(record.usage, name) for record in records]))
            for name in ("prompt", "cached", "completion", "tokens", "calls", "nodes", "money")
        },
        {name: float(np.mean([record.tree[name] for record in records])) for name in records[0].tree},
        best_of(records),
        over_seeds(records),
        len(faults),
        faults[0] if faults else "",
    )


def best_of(records: Sequence[SearchRecord]) -> list[float]:
    """Return how often one of the k best answers of a search is right, for k from 1."""
    right = np.zeros((len(records), BEST))
    for at, record in enumerate(records):
        for place, score in enumerate(record.best):
            right[at, place:] = np.maximum(right[at, place:], score >= _SOLVED)
    return [float(share) for share in right.mean(0)]


def over_seeds(records: Sequence[SearchRecord]) -> list[float]:
    """Return pass@k, without bias, where the tries are the searches from different seeds; k from 1 to all of them."""
    right = by_problem(records, [[record.score >= _SOLVED] for record in records])[:, 0]
    seeds = len({record.place.seed for record in records})
    count = np.rint(right * seeds).astype(int)
    estimates = pass_at_k(np.full(len(count), seeds), count, range(1, seeds + 1))
    return [float(share) for share in estimates.mean(0)]
