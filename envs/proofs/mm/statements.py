"""What is kept of a statement? Symbols are single characters here, so that expressions are strings.

An expression is its typecode (one character) and its body (the rest). Substitution is then one ``%`` of a template with
the arguments, and comparison one comparison of strings: both as quick as Python has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from syllogym.envs.proofs.mm.source import Source

Fact = tuple[str, str]
"""Something proved: typecode and body."""

Arguments = Callable[[Any], Any]
"""Picks out of the hypotheses' bodies those that a template takes."""


class Hypothesis(NamedTuple):
    """A ``$f`` or ``$e`` statement.

    Attributes:
        label: its name. number: its place among all statements. floating: whether it is a ``$f``.
        fact: what it says; the body of a ``$f`` is its variable.
    """

    label: str
    number: int
    floating: bool
    fact: Fact


class Frame(NamedTuple):
    """What is in force where an assertion stands.

    Attributes:
        floating: the ``$f`` of each variable. essential: the ``$e`` statements.
        apart: for each variable those that ``$d`` keeps apart from it.
    """

    floating: Mapping[str, Hypothesis] = {}
    essential: tuple[Hypothesis, ...] = ()
    apart: Mapping[str, frozenset[str]] = {}


class Template(NamedTuple):
    """A body with holes, and what goes into them."""

    text: str
    pick: Arguments

    @classmethod
    def of(cls, body: str, places: Mapping[str, int]) -> Template:
        """Make one of a body whose variables are given by the places of their hypotheses."""
        holes = [places[symbol] for symbol in body if symbol in places]
        if not holes:
            return cls(body, _nothing)
        return cls(body.translate({ord(symbol): "%s" for symbol in places}), itemgetter(*holes))


def _nothing(bodies: Any) -> tuple[()]:
    return ()


class Assertion:
    """A ``$a`` or ``$p`` statement with its mandatory hypotheses.

    Attributes:
        label, number, fact: as those of a `Hypothesis`. axiom: whether it is a ``$a``.
        hypotheses: mandatory ones, in order. frame: all that is in force.
        source, at: where it stands. proof, proof_at: its proof as written.
        types, arity, conclusion, essential, apart: the same once more as the kernel wants it. `apart` holds pairs of
            places among the hypotheses.
    """

    __slots__ = (
        "apart", "arity", "at", "axiom", "conclusion", "essential", "fact", "frame", "hypotheses", "label", "number",
        "proof", "proof_at", "source", "type", "types",
    )  # fmt: skip

    def __init__(
        self, label: str, number: int, fact: Fact, frame: Frame, source: Source, at: int, axiom: bool = True
    ) -> None:
        self.label, self.number, self.fact, self.frame = label, number, fact, frame
        self.source, self.at, self.axiom = source, at, axiom
        self.proof, self.proof_at = "", at
        used = set(fact[1]).union(*(one.fact[1] for one in frame.essential))
        floating = [frame.floating[symbol] for symbol in used if symbol in frame.floating]
        self.hypotheses = tuple(sorted((*floating, *frame.essential), key=_number))
        self.type = fact[0]
        self.types = [one.fact[0] for one in self.hypotheses]
        self.arity = len(self.types)
        places = {one.fact[1]: place for place, one in enumerate(self.hypotheses) if one.floating}
        self.conclusion = Template.of(fact[1], places)
        self.essential = tuple(
            (place, *Template.of(one.fact[1], places)) for place, one in enumerate(self.hypotheses) if not one.floating
        )
        self.apart = tuple(
            (place, places[other])
            for symbol, place in places.items()
            for other in frame.apart.get(symbol, ())
            if place < places.get(other, -1)
        )


def _number(hypothesis: Hypothesis) -> int:
    return hypothesis.number
