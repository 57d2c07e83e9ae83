"""What is a search paid? Its outcome and its steps, less what it costs, perhaps shaped by a potential.

Shaping adds g * F(after) - F(before) to every reward, for a potential F of the search and the discount g, with F = 0
after the end. Then which policy is best does not change (Ng, Harada and Russell, 1999).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from syllogym.envs.tree.session import Session, value_or
from syllogym.envs.values import Reward
from syllogym.errors import check_choice

Potential: TypeAlias = Callable[[Session], float]

POTENTIALS: dict[str, Potential] = {
    "none": lambda session: 0.0,
    "promise": lambda session: session.task.promise(session.tree.state[session.cursor]) or 0.0,
    "value": lambda session: value_or(session.tree, session.cursor, 0.0),
}
"""No shaping; the promise of the state where the search stands; the value its node was given."""


@dataclass(frozen=True)
class Prices:
    """What counts how much.

    Attributes:
        outcome: times the score of the answer. step: times the promise of each new thought's state.
        token_cost, node_cost: for each token and each node. invalid: for an action that is refused.
        potential: one of `POTENTIALS`. discount: g, of the agent that learns.
    """

    outcome: float = 1.0
    step: float = 0.0
    token_cost: float = 0.0
    node_cost: float = 0.0
    invalid: float = 0.1
    potential: str = "none"
    discount: float = 1.0

    def __post_init__(self) -> None:
        check_choice("potential", self.potential, POTENTIALS)


class Account:
    """Pays a session, action by action."""

    def __init__(self, session: Session, prices: Prices) -> None:
        self.session, self.prices = session, prices
        self._nodes, self._tokens = len(session.tree), session.meter.spent.tokens
        self._potential = POTENTIALS[prices.potential](session)

    def pay(self, refused: bool = False, over: bool = False) -> Reward:
        """Return the reward of what has happened since it was last asked; parts that count nothing are left out."""
        session, prices = self.session, self.prices
        states = session.tree.state[self._nodes :]
        tokens = session.meter.spent.tokens
        after = 0.0 if over else POTENTIALS[prices.potential](session)
        parts: dict[str, Any] = {
            "outcome": prices.outcome * session.score if session.answered is not None else 0.0,
            "step": prices.step * sum(session.task.promise(state) or 0.0 for state in states) if prices.step else 0.0,
            "tokens": -prices.token_cost * (tokens - self._tokens),
            "nodes": -prices.node_cost * len(states),
            "invalid": -prices.invalid * refused,
            "shaping": prices.discount * after - self._potential,
        }
        self._nodes, self._tokens, self._potential = len(session.tree), tokens, after
        return Reward(**{name: part for name, part in parts.items() if part})
