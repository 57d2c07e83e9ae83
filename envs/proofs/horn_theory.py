"""What follows from facts and Horn clauses? Theories of a few letters, drawn so that a goal takes so many steps."""

from __future__ import annotations

import random
import string
from collections.abc import Iterable
from typing import NamedTuple

from syllogym.errors import UserError

ATOMS = string.ascii_lowercase


class Clause(NamedTuple):
    """Its body's letters, all together, give its head: ``c<ab``."""

    body: str
    head: str

    def __str__(self) -> str:
        return f"{self.head}<{self.body}"


class Theory(NamedTuple):
    """Facts (letters), clauses, and the letter to be proved. `path` are clauses that prove it, in an order that works."""

    facts: str
    clauses: tuple[Clause, ...]
    goal: str
    path: tuple[Clause, ...]


def heads(known: Iterable[str], clauses: Iterable[Clause]) -> dict[str, Clause]:
    """Return what one step gives that is not known yet, each with the first clause that gives it."""
    known, found = set(known), {}
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


def draw_theory(rng: random.Random, steps: int, traps: int, detours: int) -> Theory:
    """Draw a theory whose goal takes exactly `steps` clauses, each resting on the one before.

    Args:
        rng: the only chance. steps: at least 1.
        traps: clauses of which a letter of the body can never be had; some of them promise what the path gives.
        detours: clauses that can be used and lead nowhere.
    """
    count = 2 + steps + detours + max(2, traps)
    if count > len(ATOMS):
        raise UserError(f"steps + detours + traps are {count - 2}; {len(ATOMS) - 2} letters are left for them.")
    letters = rng.sample(ATOMS[:count], count)
    facts, chain = letters[:2], letters[2 : 2 + steps]
    aside, never = letters[2 + steps : 2 + steps + detours], letters[2 + steps + detours :]
    path, known = [], list(facts)
    for head in chain:
        last = known[-1] if path else rng.choice(facts)
        path.append(Clause(_body(rng, last, known), head))
        known.append(head)
    extra = [Clause(_body(rng, rng.choice(known[:-1]), known[:-1]), head) for head in aside]
    for _ in range(traps):
        head = rng.choice([*chain, *never])
        others = [letter for letter in known + aside if letter != head]
        extra.append(Clause(_body(rng, rng.choice([letter for letter in never if letter != head] or never), others), head))
    clauses = {*path, *extra}
    return Theory("".join(sorted(facts)), tuple(rng.sample(sorted(clauses), len(clauses))), chain[-1], tuple(path))


def _body(rng: random.Random, needed: str, others: list[str]) -> str:
    """Return a body of two letters, one of which is given."""
    return "".join(sorted((needed, rng.choice([letter for letter in others if letter != needed]))))
