"""What would be best here, and how far from it is a delegation? Known of sums that scripted experts solve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syllogym.envs.routing.delegation_prompts import unfolded
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.plan import Plan, cut, cuts
from syllogym.envs.routing.r2 import Shaping, labelled
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.shares import by_step
from syllogym.envs.routing.worth import Delegated, best_of, parts_of, worth


@dataclass(frozen=True)
class Advice:
    """Everything that a delegation of a sum can be judged by beforehand.

    Attributes:
        whole: the sum. pool: who may solve steps. pay, budget: of the episode. most: steps of a plan.
        short: plans are cuts alone. shaping: by which R2-Reasoner's labels weigh plans.
    """

    whole: str
    pool: ScriptedPool
    pay: Pay
    budget: float | None
    most: int
    short: bool
    shaping: Shaping

    def best(self) -> Delegated:
        """Return the best plan with its best allocation."""
        return best_of(self.pool, self.pay, self._plans(), self.budget)

    def label(self, labels: str, plan: Plan | None = None) -> Delegated:
        """Return what is to be imitated, ``best`` or ``r2``; of one plan, where one is given."""
        plans = [plan] if plan else self._plans()
        if labels == "r2":
            return labelled(self.pool, plans, self.shaping)
        return best_of(self.pool, self.pay, plans, self.budget)

    def regret(self, plan: Plan | None, models: Sequence[str | None]) -> float:
        """Return how much less than the best a delegation is expected to be paid; without a plan it is nothing."""
        paid = worth(self.pool, self.pay, parts_of(plan), models, self.budget) if plan else 0.0
        return self.best().worth - paid

    def credit(self, how: str, plan: Plan, models: Sequence[str | None]) -> list[float]:
        """Return what the model of each step is worth (see `syllogym.envs.routing.shares`)."""
        return by_step(how, self.pool, self.pay, parts_of(plan), models, self.budget)

    def _plans(self) -> list[Plan]:
        plans = [cut(short, self.whole) for short in cuts(self.whole) if short.count("|") < self.most]
        return plans if self.short else [*plans, *unfolded(self.whole, self.most)]
