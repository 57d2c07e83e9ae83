"""What came of each node of a search that is over? What its answer was worth, and those of all below it.

A column has one entry a node. Nodes that nobody went on from have no outcome of their own: nan, unless they are ends.
Further ways to a node (`ThoughtTree.also`) are not followed.
"""

from __future__ import annotations

from math import isnan, nan
from typing import Any, Literal

from syllogym.agents.search.whole import answer_of
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.errors import check_choice

Rule = Literal["mean", "sum", "best"]
RULES = ("mean", "sum", "best")

_ENDS = (Status.TERMINAL, Status.DEAD)


def outcomes(task: Any, tree: ThoughtTree) -> list[float]:
    """Return the score of every node's answer; 0 for ends without one, nan for what is no end."""
    found = []
    for node in range(len(tree)):
        answer = answer_of(task, tree, node)
        if answer is not None:
            found.append(float(task.score(answer)))
        else:
            found.append(0.0 if tree.status[node] in _ENDS else nan)
    return found


def returns(tree: ThoughtTree, outcome: list[float], rule: Rule = "mean") -> list[float]:
    """Return what was found at each node and below it: the mean, the sum or the best of outcomes; nan where none is."""
    check_choice("rule", rule, RULES)
    total = [0.0 if isnan(one) else one for one in outcome]
    count = [0 if isnan(one) else 1 for one in outcome]
    for node in reversed(range(1, len(tree))):  # children come after their parents
        above = tree.parent[node]
        if not count[node]:
            continue
        if rule != "best":
            total[above] += total[node]
        elif not count[above] or total[node] > total[above]:
            total[above] = total[node]
        count[above] += count[node]
    if rule == "mean":
        return [total[node] / count[node] if count[node] else nan for node in range(len(tree))]
    return [total[node] if count[node] else nan for node in range(len(tree))]


def distances(tree: ThoughtTree, outcome: list[float], enough: float = 1.0) -> list[int | None]:
    """Return how many steps the nearest answer of a score of `enough` is away, downwards; None where none was found."""
    away: list[int | None] = [0 if one >= enough else None for one in outcome]
    for node in reversed(range(1, len(tree))):
        here, above = away[node], tree.parent[node]
        there = away[above]
        if here is not None and (there is None or here + 1 < there):
            away[above] = here + 1
    return away
