"""Which theorems can be drawn that are true and whose proof is known? Each is made together with its proof.

``logic``: from the conclusion upwards, what the proof needs becomes a hypothesis. ``arithmetic`` and ``lists``: a term
is rewritten some times, and equals what came of it. ``induction``: a recursive function has a closed form.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import NamedTuple

from syllogym.envs.proofs.prover import Theorem
from syllogym.envs.proofs.rocq.drawn_logic import draw_logic
from syllogym.errors import check_choice

Term = str | tuple  # type: ignore[type-arg]
"""A variable, or an operator with its operands."""

PREAMBLE = "Require Import Arith List. Import ListNotations."
"""The same for all, since going back to before what is imported and importing it takes long."""

_TRIES = 200
_LAWS: dict[str, tuple[tuple[str, Term, Term], ...]] = {
    "arithmetic": (
        ("Nat.add_comm x y", ("+", "x", "y"), ("+", "y", "x")),
        ("Nat.mul_comm x y", ("*", "x", "y"), ("*", "y", "x")),
        ("Nat.add_assoc x y z", ("+", "x", ("+", "y", "z")), ("+", ("+", "x", "y"), "z")),
        ("Nat.mul_assoc x y z", ("*", "x", ("*", "y", "z")), ("*", ("*", "x", "y"), "z")),
        ("Nat.mul_add_distr_l x y z", ("*", "x", ("+", "y", "z")), ("+", ("*", "x", "y"), ("*", "x", "z"))),
        ("Nat.mul_add_distr_r x y z", ("*", ("+", "x", "y"), "z"), ("+", ("*", "x", "z"), ("*", "y", "z"))),
    ),
    "lists": (
        ("app_assoc x y z", ("++", "x", ("++", "y", "z")), ("++", ("++", "x", "y"), "z")),
        ("rev_app_distr x y", ("rev", ("++", "x", "y")), ("++", ("rev", "y"), ("rev", "x"))),
        ("map_app f x y", ("map f", ("++", "x", "y")), ("++", ("map f", "x"), ("map f", "y"))),
        ("map_rev f x", ("map f", ("rev", "x")), ("rev", ("map f", "x"))),
        ("rev_involutive x", ("rev", ("rev", "x")), "x"),
    ),
}
"""What is rewritten: a law with its variables, its left side and its right side."""


class Proven(NamedTuple):
    """A theorem and the steps of a proof of it; none where none is known."""

    theorem: Theorem
    steps: tuple[str, ...] = ()


def draw_theorem(rng: random.Random, topic: str, size: int) -> Proven:
    """Draw a theorem of a topic, or of any (``mixed``).

    Args:
        rng: the chance. topic: one of `TOPICS`.
        size: how many laws or hypotheses its proof uses; for induction, how large the numbers are.
    """
    check_choice("topic", topic, TOPICS)
    topic = rng.choice(TOPICS[1:]) if topic == "mixed" else topic
    if topic == "logic":
        statement, steps = draw_logic(rng, size)
        return Proven(Theorem(statement, preamble=PREAMBLE), steps)
    return _closed_form(rng, size) if topic == "induction" else _equation(rng, topic, size)


TOPICS = ("mixed", "logic", "arithmetic", "lists", "induction")


def _closed_form(rng: random.Random, size: int) -> Proven:
    first, more, name = rng.randint(0, 8 * size), rng.randint(1, 8 * size), rng.choice("fgh")
    definition = f"Fixpoint {name} (n : nat) : nat := match n with O => {first} | S n => {more} + {name} n end."
    theorem = Theorem(f"forall n : nat, {name} n = {first} + n * {more}", preamble=f"{PREAMBLE}\n{definition}")
    return Proven(theorem, ("induction n as [|n IH].", "reflexivity.", "simpl.", "rewrite IH.", "reflexivity."))


def _equation(rng: random.Random, topic: str, size: int) -> Proven:
    for _ in range(_TRIES):
        begun = _term(rng, topic, size + 2)
        reached, used = begun, []
        for _ in range(size):
            if not (possible := _rewritings(reached, topic)):
                break
            law, old, new = rng.choice(possible)
            reached = _replaced(reached, old, new)
            used.append((law, old, new))
        sides = begun, reached
        for _, old, new in used:  # Coq rewrites both sides
            sides = _replaced(sides[0], old, new), _replaced(sides[1], old, new)
        if used and begun != reached and sides[0] == sides[1]:
            break
    else:
        law, old, new = _rewritings(("+", "a", "b") if topic == "arithmetic" else ("rev", ("++", "a", "b")), topic)[0]
        begun, reached, used = old, new, [(law, old, new)]
    steps = _intros(topic), *(f"rewrite ({law})." for law, _, _ in used), "reflexivity."
    typed = {"arithmetic": "(a b c d : nat)", "lists": "(A : Type) (f : A -> A) (a b c d : list A)"}[topic]
    return Proven(Theorem(f"forall {typed}, {_outer(begun)} = {_outer(reached)}", preamble=PREAMBLE), steps)


def _intros(topic: str) -> str:
    return "intros a b c d." if topic == "arithmetic" else "intros A f a b c d."


def _term(rng: random.Random, topic: str, leaves: int) -> Term:
    if topic == "lists" and rng.random() < 0.35:
        return rng.choice(("rev", "map f")), _term(rng, topic, leaves)
    if leaves == 1:
        return rng.choice("abcd")
    left = rng.randint(1, leaves - 1)
    operator = rng.choice("+*") if topic == "arithmetic" else "++"
    return operator, _term(rng, topic, left), _term(rng, topic, leaves - left)


def _rewritings(term: Term, topic: str) -> list[tuple[str, Term, Term]]:
    """List what laws make of a term and of its parts: the law for it, the part, and what becomes of that."""
    found = []
    for law, left, right in _LAWS[topic]:
        bound: dict[str, Term] = {"f": "f"}
        if _matches(left, term, bound) and (new := _filled(right, bound)) != term:
            name, *variables = law.split()
            found.append((" ".join((name, *(_shown(bound[variable]) for variable in variables))), term, new))
    for part in term[1:] if isinstance(term, tuple) else ():
        found += _rewritings(part, topic)
    return found


def _matches(pattern: Term, term: Term, bound: dict[str, Term]) -> bool:
    if isinstance(pattern, str):
        return bound.setdefault(pattern, term) == term
    if isinstance(term, str) or pattern[0] != term[0]:
        return False
    return all(_matches(one, other, bound) for one, other in zip(pattern[1:], term[1:], strict=True))


def _filled(pattern: Term, bound: Mapping[str, Term]) -> Term:
    if isinstance(pattern, str):
        return bound[pattern]
    return (pattern[0], *(_filled(part, bound) for part in pattern[1:]))


def _replaced(term: Term, old: Term, new: Term) -> Term:
    if term == old:
        return new
    return term if isinstance(term, str) else (term[0], *(_replaced(part, old, new) for part in term[1:]))


def _outer(term: Term) -> str:
    return _shown(term) if isinstance(term, str) else _shown(term)[1:-1]


def _shown(term: Term) -> str:
    if isinstance(term, str):
        return term
    if len(term) == 2:
        return f"({term[0]} {_shown(term[1])})"
    return f"({_shown(term[1])} {term[0]} {_shown(term[2])})"
