"""What does a small model see of a search? One line: the nodes from which it can go on or answer, and what is left."""

from __future__ import annotations

from syllogym.envs.tree.actions import Answer, Expand, written
from syllogym.envs.tree.session import Session
from syllogym.envs.tree.thought_tree import Status


def open_nodes(session: Session) -> list[int]:
    """Return the nodes below which thoughts are missing, in order."""
    return [node for node in range(len(session.tree)) if session.tree.status[node] == Status.OPEN]


def ends(session: Session) -> list[int]:
    """Return the nodes that stand for an answer and from which nothing can be thought, in order."""
    tree = session.tree
    closed = (node for node in range(len(tree)) if tree.status[node] == Status.TERMINAL)
    return [node for node in closed if session.task.answer(tree.state[node]) is not None]


def replies(session: Session) -> list[str]:
    """List what can be said of these nodes, after what each shows; to give up where there is none."""
    growing = [node for node in open_nodes(session) if session.can_grow(node)]
    said = [(node, written(Expand(node))) for node in growing]
    said += [(node, written(Answer(node=node))) for node in ends(session)]
    shown = [f"{session.task.show(session.tree.state[node])} {action}" for node, action in said]
    return shown or [written(Answer("none"))]


def line(session: Session) -> str:
    """Write open nodes and those that stand for an answer, each with its state, and the nodes that are left."""
    tree, task = session.tree, session.task
    shown = sorted([*open_nodes(session), *ends(session)])
    most = session.meter.budget.nodes
    left = "" if most is None else f" left {most - session.meter.spent.nodes:g}"
    return " ".join(f"{node}:{task.show(tree.state[node])}" for node in shown) + left
