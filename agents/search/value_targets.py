"""What should a value model say of each node? Targets in [0, 1] from the outcomes of a search; nan where none is known.

``mc``: the mean of the outcomes below (Monte Carlo). ``min_steps``: 1 / (1 + steps to the nearest right answer), 0
without one. ``rest_mcts``: from the root's 0 on, V = max(0, V' + (1 - V') r / m) for the parent's value V', where r is
1 if a right answer lies below the node, else -1, and m counts the steps from the parent to a right answer, through the
node if r is 1, else the nearest way (ReST-MCTS*, arXiv 2406.03816). So right answers get 1 and the way there rises.
"""

from __future__ import annotations

from math import isnan, nan
from typing import Literal

from syllogym.agents.search.outcomes import distances, returns
from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.errors import check_choice

Target = Literal["mc", "min_steps", "rest_mcts"]
TARGETS = ("mc", "min_steps", "rest_mcts")


def value_targets(
    tree: ThoughtTree, outcome: list[float], rule: Target = "rest_mcts", enough: float = 1.0
) -> list[float]:
    """Return a target for each node.

    Args:
        outcome: see `syllogym.agents.search.outcomes`. enough: score of a right answer.
    """
    check_choice("rule", rule, TARGETS)
    mean = returns(tree, outcome)
    if rule == "mc":
        return mean
    away = distances(tree, outcome, enough)
    if rule == "min_steps":
        found = [0.0 if steps is None else 1.0 / (1 + steps) for steps in away]
    else:
        found = _rising(tree, away)
    return [nan if isnan(known) else target for known, target in zip(mean, found, strict=True)]


def _rising(tree: ThoughtTree, away: list[int | None]) -> list[float]:
    value = [0.0] * len(tree)
    nearest = [away[0] or 0] * len(tree)  # steps from a node to a right answer; of one that has none, its parent's
    if away[0] == 0:
        value[0] = 1.0
    for node in range(1, len(tree)):
        above, steps = tree.parent[node], away[node]
        if steps is None:
            nearest[node] = nearest[above]
            change = -1.0 / max(1, nearest[above])
        else:
            nearest[node] = steps
            change = 1.0 / (steps + 1)
        value[node] = max(0.0, value[above] + (1.0 - value[above]) * change)
    return value
