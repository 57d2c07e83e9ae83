"""SARSA (Rummery and Niranjan 1994): Q-learning that values what is said next, slips of exploration included."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.agents.action_values import Transition
from syllogym.agents.value_table import ValueTable
from syllogym.algorithms import register
from syllogym.algorithms.core.value_method import TableMethod


@register()
@dataclass(kw_only=True)
class SARSA(TableMethod):
    """Target r + gamma Q(s', a') of the reply a' that follows; `expected` takes the mean over all that could follow."""

    expected: bool = False

    def target(self, table: ValueTable, transition: Transition, epsilon: float) -> float:
        following = table.of(transition.next_state, transition.next_choices)
        if not following:
            return transition.reward
        if self.expected:
            worth = (1 - epsilon) * max(following) + epsilon * sum(following) / len(following)
        else:
            worth = following[transition.next_choices.index(transition.next_action)]
        return transition.reward + self.gamma * worth
