"""What may a scenario say of search strategies that are compared: which, who thinks, how much may be spent?"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, PositiveInt, field_validator, model_validator

from syllogym import agents
from syllogym.agents import search
from syllogym.agents.search.prompts import Prompts
from syllogym.agents.search.request import Strategy
from syllogym.envs.tree.meter import Budget
from syllogym.errors import UserError, check_choice, check_options
from syllogym.registry import with_options
from syllogym.scenarios.mappings import ByName, Strict
from syllogym.scenarios.search.players import SCRIPTED, scripted

POLICY = "policy"


class StrategySpec(ByName):
    """A search strategy by its name, with its options."""

    @model_validator(mode="after")
    def _known(self) -> StrategySpec:
        self.make()
        return self

    def make(self) -> Strategy:
        """Return a fresh one."""
        made: Strategy = search.registry.build(self.name, self.options)
        return made


class ThinkerSpec(ByName):
    """Who thinks or judges: ``policy``, a script that knows the task, or any agent, as an endpoint."""

    @model_validator(mode="after")
    def _known(self) -> ThinkerSpec:
        check_choice("who thinks", self.name, dict.fromkeys([POLICY, *SCRIPTED, *agents.names()]))
        if self.name == POLICY:
            check_options(POLICY, (), self.options)
        elif self.name in SCRIPTED:
            scripted(self.name, self.options)
        else:
            agents.registry.build(self.name, self.options)
        return self


class SearchSpec(Strict):
    """A grid of strategies, budgets and seeds over the held-out instances.

    Attributes:
        strategies: names, or names with options. io, cot, self_consistency and best_of_n are always there besides.
        budgets: limits of each search (see `syllogym.envs.tree.meter.Budget`), from small to large.
        seeds: how often each instance is searched, by different chance.
        player: who proposes thoughts and answers. evaluator: who judges them; by default the player, too.
        prompts: what a model is told, by the kind of request (see `syllogym.agents.search.prompts.Prompts`).
    """

    strategies: list[StrategySpec] = Field(min_length=1)
    budgets: list[dict[str, float]] = Field(min_length=1)
    seeds: PositiveInt = 1
    player: ThinkerSpec = ThinkerSpec(name=POLICY)
    evaluator: ThinkerSpec | None = None
    prompts: dict[str, str] = {}

    whole: ClassVar[tuple[str, ...]] = ("tokens", "prompt", "completion", "calls", "nodes")

    @field_validator("budgets")
    @classmethod
    def _limits(cls, budgets: list[dict[str, float]]) -> list[dict[str, float]]:
        for budget in budgets:
            check_options("a budget", Budget.__dataclass_fields__, budget)
            if not budget:
                raise UserError("a budget limits something, as in {tokens: 20000}")
            for name, limit in budget.items():
                if not limit > 0:
                    raise UserError(f"a budget is above 0; {name} is {limit:g}")
                if name in cls.whole and limit != int(limit):
                    raise UserError(f"a budget of {name} is a whole number; it is {limit:g}")
        return budgets

    @model_validator(mode="after")
    def _told(self) -> SearchSpec:
        with_options(Prompts, "prompts", self.prompts)
        labels = [strategy.label for strategy in self.strategies]
        twice = next((label for label in labels if labels.count(label) > 1), None)
        if twice is not None:
            raise UserError(f"strategies: {twice} is there twice")
        if self.player.name == "verifier":
            raise UserError("player: the verifier grades answers, and thinks of nothing; it can be the evaluator")
        return self

    def limits(self) -> list[Budget]:
        """Return the budgets."""
        return [
            Budget(**{name: int(limit) if name in self.whole else limit for name, limit in budget.items()})  # type: ignore[arg-type]
            for budget in self.budgets
        ]

    def check_alone(self) -> None:
        """Raise `UserError` where a policy would be wanted, and the scenario has none."""
        for name, thinker in (("player", self.player), ("evaluator", self.evaluator)):
            if thinker is not None and thinker.name == POLICY:
                raise UserError(
                    f"evaluate.search.{name}: the scenario has no policy; name another, such as oracle, or "
                    "{name: openai_compatible, base_url: ..., model: ...}"
                )
