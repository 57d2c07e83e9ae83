"""What does a small model see of a search? One line: the nodes from which it can go on or answer, and what is left."""

from __future__ import annotations

from syllogym.envs.tree.session import Session
from syllogym.envs.tree.thought_tree import Status


def open_nodes(session: Session) -> list[int]:
    """Return the nodes below which thoughts are missing, in order."""
    return [node for node in range(len(session.tree)) if session.tree.status[node] == Status.OPEN]


def line(session: Session) -> str:
    """Write open nodes and those that stand for an answer, each with its state, and the nodes that are left."""
    tree, task = session.tree, session.task
    ends = (node for node in range(len(tree)) if tree.status[node] == Status.TERMINAL)
    shown = sorted([*open_nodes(session), *(node for node in ends if task.answer(tree.state[node]) is not None)])
    left = f" left {session.meter.budget.nodes - session.meter.spent.nodes:g}" if session.meter.budget.nodes else ""
    return " ".join(f"{node}:{task.show(tree.state[node])}" for node in shown) + left
