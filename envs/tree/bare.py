"""What does a small model see of a search, and say? One line of nodes with what is left, and the number of a node."""

from __future__ import annotations

from syllogym.envs.tree.actions import Action, Answer, Expand, read, written
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


GIVEN_UP = "none"
"""The reply of who has found nothing and cannot go on."""


def heard(session: Session, reply: str) -> Action:
    """Read a reply: a node's number expands it, or answers what it stands for; all else is read as everywhere."""
    said = reply.strip()
    if said == GIVEN_UP:
        return Answer(said)
    if not (said.isascii() and said.isdigit() and int(said[:9]) < len(session.tree)):
        return read(said)
    node = int(said[:9])
    ended = session.tree.status[node] == Status.TERMINAL
    return Answer(node=node) if ended else Expand(node)


def brief(action: Action) -> str:
    """Write an action as `heard` reads it, in as few letters as that takes."""
    node = getattr(action, "node", None)
    if node is not None and action in (Expand(node), Answer(node=node)):
        return str(node)
    return written(action).replace('"', "")


def line(session: Session) -> str:
    """Write open nodes and those that stand for an answer, each with its state, and the nodes that are left."""
    tree, task = session.tree, session.task
    shown = sorted([*open_nodes(session), *ends(session)])
    most = session.meter.budget.nodes
    left = "" if most is None else f" left {most - session.meter.spent.nodes:g}"
    return " ".join(f"{node}:{task.show(tree.state[node])}" for node in shown) + left
