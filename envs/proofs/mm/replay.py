"""Which steps prove a theorem as its database does? Its proof, read backwards."""

from __future__ import annotations

from typing import Any, NamedTuple

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.proof_text import SAVE, read_proof
from syllogym.envs.proofs.mm.statements import Assertion

STEPS = 2_000
"""Steps of the longest proof that is replayed: what a compressed proof keeps and uses again is proved again here."""


class _Used(NamedTuple):
    """A proved fact: the label it is proved by, chosen expressions, and proofs of what that follows from."""

    body: str
    label: str
    chosen: tuple[tuple[str, str], ...] = ()
    parts: tuple[_Used, ...] = ()
    size: int = 0


def replay(theorem: Assertion, database: Database, provable: str) -> list[str] | None:
    """Return the steps; None where there would be more than `STEPS`. The proof has been verified."""
    stack: list[Any] = []
    labels = {one.fact: one.label for one in theorem.frame.essential}
    items, order = read_proof(theorem.proof, theorem, database.labels)
    for number in order:
        if number == SAVE:
            items.append(stack[-1])
            continue
        item: Any = items[number]
        if isinstance(item, Assertion):
            said = stack[len(stack) - item.arity :]
            del stack[len(stack) - item.arity :]
            stack.append(_applied(item, said, provable))
        else:
            stack.append(_Used(item[1], labels.get(item, ""), size=1) if not isinstance(item, _Used) else item)
        if stack[-1].size > STEPS:
            return None
    return _flat(stack[0], database)


def _applied(item: Assertion, said: list[_Used], provable: str) -> _Used:
    text, pick = item.conclusion
    body = text % pick([one.body for one in said])
    if item.type != provable:
        return _Used(body, item.label)
    pairs = list(zip(item.hypotheses, said, strict=True))
    free = tuple((one.fact[1], used.body) for one, used in pairs if one.floating and one.fact[1] not in item.fact[1])
    parts = tuple(used for one, used in pairs if not one.floating)
    return _Used(body, item.label, free, parts, 1 + sum(part.size for part in parts))


def _flat(root: _Used, database: Database) -> list[str]:
    todo, steps = [root], []
    while todo:
        used = todo.pop()
        chosen = (f"$ {database.names[symbol]} {database.shown(body)}" for symbol, body in used.chosen)
        steps.append(" ".join([used.label, *chosen]))
        todo += reversed(used.parts)
    return steps
