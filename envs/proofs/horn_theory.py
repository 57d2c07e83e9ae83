"""What follows from facts and Horn clauses? Theories of a few letters, drawn so that a goal takes so many steps."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable
from typing import NamedTuple

from syllogym.errors import UserError

ATOMS = string.ascii_lowercase


class Clause(NamedTuple):
    """Its body's letters, all together, give its head: ``ab>c``."""

    body: str
    head: str

    def __str__(self) -> str:
        return f"{self.body}>{self.head}"


class Theory(NamedTuple):
    """Facts (letters), clauses, and the letter to be proved; the clauses of `path` prove it, in this order."""

    facts: str
    clauses: tuple[Clause, ...]
    goal: str
    path: tuple[Clause, ...]


def heads(known: Iterable[str], clauses: Iterable[Clause]) -> dict[str, Clause]:
    """Return what one step gives that is not known yet, each with the first clause that gives it."""
    known, found = set(known), dict[str, Clause]()
    for clause in clauses:
        if clause.head not in known and known.issuperset(clause.body):
            found.setdefault(clause.head, clause)
    return found


def derivation(known: Iterable[str], clauses: Iterable[Clause], goal: str) -> list[Clause] | None:
    """Return clauses that prove `goal` from what is known, only those needed, in order; None where none do.

    Breadth first, so that the fewest rounds of steps are taken; what the goal does not rest on is left out.
    """
    known, clauses, by = list(known), list(clauses), dict[str, Clause]()
    while goal not in known:
        new = heads(known, clauses)
        if not new:
            return None
        by.update(new)
        known += new
    needed, path = {goal}, []
    for head in reversed(by):  # later ones rest on earlier ones
        if head in needed:
            path.append(by[head])
            needed.update(by[head].body)
    return path[::-1]


def draw_theory(rng: random.Random, steps: int, body: int, traps: int, detours: int) -> Theory:
    """Draw a theory whose goal takes exactly `steps` clauses, each resting on the one before.

    Args:
        rng: the only chance. steps: at least 1. body: letters that a clause's body has.
        traps: clauses of which a letter of the body can never be had; some of them promise what the path gives.
        detours: clauses that can be used and lead nowhere.
    """
    count = body + 1 + steps + detours + max(2, traps)
    if count > len(ATOMS):
        raise UserError(
            f"{count} letters are needed for steps {steps}, traps {traps}, detours {detours}; there are 26."
        )
    letters = rng.sample(ATOMS[:count], count)
    facts, chain = letters[: body + 1], letters[body + 1 : body + 1 + steps]
    aside, never = letters[body + 1 + steps : -max(2, traps)], letters[-max(2, traps) :]

    def clause(head: str, needed: str, others: list[str]) -> Clause:
        beside = rng.sample([letter for letter in others if letter not in (head, needed)], body - 1)
        return Clause("".join(sorted((needed, *beside))), head)

    known, path = list(facts), list[Clause]()
    for head in chain:
        path.append(clause(head, known[-1] if path else rng.choice(facts), known))
        known.append(head)
    extra = [clause(head, rng.choice(known[:-1]), known[:-1]) for head in aside]
    for _ in range(traps):
        head = rng.choice([*chain, *never])
        extra.append(clause(head, rng.choice([letter for letter in never if letter != head]), known + aside))
    clauses = sorted({*path, *extra})
    return Theory(
        "".join(rng.sample(facts, len(facts))), tuple(rng.sample(clauses, len(clauses))), chain[-1], tuple(path)
    )
