"""Which searches make up a grid? Every strategy under every budget from every seed, with baselines beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from math import ceil

from syllogym.agents.search.request import Answerer
from syllogym.agents.search.search import Search
from syllogym.envs.chance import key_of
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.search_task import SearchTask
from syllogym.errors import UserError
from syllogym.scenarios.search.search_record import Place, SearchRecord
from syllogym.scenarios.search_spec import SearchSpec, StrategySpec

_ENOUGH = 10**6
"""More answers than any budget allows."""

BASELINES = {
    "io": StrategySpec(name="io"),
    "cot": StrategySpec(name="cot"),
    "self_consistency": StrategySpec.model_validate({"name": "self_consistency", "n": _ENOUGH}),
    "best_of_n": StrategySpec.model_validate({"name": "best_of_n", "n": _ENOUGH, "together": 1}),
}
"""What every strategy is measured against, with as many answers as the budget allows. The best of n is judged one by
one, so that its curve is right for any n."""


@dataclass(frozen=True)
class Cell:
    """All problems, by one strategy, under one budget, from one seed.

    Attributes:
        label: what the strategy is called. budget: what the searches are limited by. budget_label: of the grid, in
            words; baselines beside budgets of something else than tokens are limited by tokens.
    """

    label: str
    strategy: StrategySpec
    budget: Budget
    budget_label: str
    seed: int

    def place(self, problem: int) -> Place:
        """Return where one of its searches stands."""
        return Place(self.label, self.budget_label, self.seed, problem)

    def search(
        self, task: SearchTask[object], problem: int, proposer: Answerer, evaluator: Answerer, salt: int
    ) -> Search:
        """Begin one of its searches; its chance is the same for every strategy and budget."""
        seed = key_of(f"{salt}/{self.seed}/{problem}")
        return Search(task, self.strategy.make(), proposer, evaluator, budget=self.budget, seed=seed)


def in_words(budget: Budget) -> str:
    """Name a budget by its limits: ``20,000 tokens``."""
    return ", ".join(f"{limit:,g} {name}" if limit < 1e6 else f"{limit:,.0f} {name}" for name, limit in budget.limits())


def strategies(spec: SearchSpec) -> dict[str, StrategySpec]:
    """Return the strategies to compare, by label; a baseline that is named without options is there anyway."""
    return {one.label: one for one in spec.strategies if one.label not in BASELINES}


def cells(spec: SearchSpec) -> Iterator[Cell]:
    """Yield the cells of the strategies."""
    for budget in spec.limits():
        for label, strategy in strategies(spec).items():
            for seed in range(spec.seeds):
                yield Cell(label, strategy, budget, in_words(budget), seed)


def baseline_cells(spec: SearchSpec, records: Iterable[SearchRecord]) -> Iterator[Cell]:
    """Yield the cells of the baselines, given what the strategies spent: each may use as many tokens as they.

    A budget of tokens alone is theirs, too. Beside any other they have the tokens (calls, where nobody counts tokens)
    that the strategy used, on average, which used most of them.
    """
    kept = list(records)
    for budget in spec.limits():
        label = in_words(budget)
        equal = budget
        if [name for name, _ in budget.limits()] != ["tokens"] and strategies(spec):
            equal = _equal([record for record in kept if record.place.budget == label])
        for name, strategy in BASELINES.items():
            for seed in range(spec.seeds):
                yield Cell(name, strategy, equal, label, seed)


def _equal(records: Sequence[SearchRecord]) -> Budget:
    used: dict[str, list[SearchRecord]] = {}
    for record in records:
        used.setdefault(record.place.strategy, []).append(record)
    for unit in ("tokens", "calls"):
        most = max(sum(getattr(one.usage, unit) for one in group) / len(group) for group in used.values())
        if most:
            return Budget(**{unit: ceil(most)})
    raise UserError("The searches used neither tokens nor calls, so nothing can be compared at equal cost.")


def check(some: Iterable[Cell], task: SearchTask[object], proposer: Answerer, evaluator: Answerer) -> None:
    """Raise `UserError` where a budget does not suffice for the first request, or limits what nobody counts."""
    for cell in some:
        one = cell.search(task, 0, proposer, evaluator, 0)
        asked = one.ask(1)
        where = f"evaluate.search.budgets: {cell.budget_label}"
        if not asked:
            put = one.put(one.log[0][0])
            least = in_words(
                Budget(**{unit: getattr(put.most, unit) for unit, _ in cell.budget.limits() if unit != "seconds"})
            )
            raise UserError(f"{where}: the first request of {cell.label} may use {least}; allow more.")
        for unit, _ in cell.budget.limits():
            if unit not in ("nodes", "seconds", "cached") and not getattr(asked[0].most, unit):
                counted = [field.name for field in fields(asked[0].most) if getattr(asked[0].most, field.name)]
                raise UserError(
                    f"{where}: the player counts no {unit}, so this limits nothing; it counts {', '.join(counted)}."
                )
