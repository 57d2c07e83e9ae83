"""Who thinks and judges in searches that are compared? Scripts that know the task, or any player that is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from syllogym.agents.search.calibrated_game24 import CalibratedGame24
from syllogym.agents.search.oracle import OracleEvaluator, OracleProposer
from syllogym.agents.search.request import Answerer
from syllogym.agents.search.verifier import Verifier
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError
from syllogym.registry import with_options


@dataclass(frozen=True, kw_only=True)
class _Oracle:
    """Knows the task's solver.

    Attributes:
        error: chance that no good thought is proposed, and that a judgement is turned around.
        noise: standard deviation of what is added to judgements. cost: of every request.
    """

    error: float = 0.0
    noise: float = 0.0
    cost: Usage = field(default_factory=lambda: Usage(calls=1))

    def __post_init__(self) -> None:
        if not 0 <= self.error <= 1 or not self.noise >= 0:
            raise UserError(f"oracle.error is from 0 to 1, and noise at least 0; not {self.error} and {self.noise}.")
        if not (self.cost.tokens or self.cost.calls):
            raise UserError("oracle.cost counts calls or tokens, or searches would never use their budget up.")

    def pair(self) -> tuple[Any, Any]:
        """Return proposer and evaluator."""
        judge = OracleEvaluator(error=self.error, noise=self.noise, cost=self.cost)
        return OracleProposer(error=self.error, cost=self.cost), judge


@dataclass(frozen=True, kw_only=True)
class _Calibrated:
    """Plays GPT-4 at the Game of 24."""

    def pair(self) -> tuple[Any, Any]:
        """Return it twice."""
        agent = CalibratedGame24(cost=None)
        return agent, agent


@dataclass(frozen=True, kw_only=True)
class _Verifier:
    """Grades answers by the task."""

    def pair(self) -> tuple[Any, Any]:
        """Return it twice; it only judges."""
        return Verifier(), Verifier()


SCRIPTED: Mapping[str, Callable[..., Any]] = {
    "oracle": _Oracle,
    "calibrated_game24": _Calibrated,
    "verifier": _Verifier,
}


def scripted(name: str, options: Mapping[str, Any]) -> tuple[Answerer, Answerer]:
    """Return the proposer and the evaluator that a script plays."""
    pair: tuple[Answerer, Answerer] = with_options(SCRIPTED[name], name, options).pair()  # type: ignore[arg-type]
    return pair
