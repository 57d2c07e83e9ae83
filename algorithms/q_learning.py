"""Q-learning (Watkins 1989): learn what the best reply is worth, whatever is said while learning."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.agents.action_values import Transition
from syllogym.agents.value_table import ValueTable
from syllogym.algorithms import register
from syllogym.algorithms.core.value_method import TableMethod


@register()
@dataclass(kw_only=True)
class QLearning(TableMethod):
    """Target r + gamma max Q(s', .), over the replies that s' accepts; r at the end of an episode."""

    def target(self, table: ValueTable, transition: Transition, epsilon: float) -> float:
        following = table.of(transition.next_state, transition.next_choices)
        return transition.reward + self.gamma * max(following, default=0.0)
