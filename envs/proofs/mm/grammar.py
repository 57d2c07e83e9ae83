"""How is an expression built? Parsed by the database's own syntax axioms into terms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.statements import Assertion, Frame, Hypothesis

DEEPEST = 120
"""How deep expressions may be nested."""


PROVABLE = "|-"
"""The typecode of what is provable, as every database with a logic writes it."""


class Term:
    """An expression as a tree. It keeps its symbols too, which are cheaper to compare.

    Attributes:
        type: typecode. body: symbols. syntax: the axiom it is built by; None for a variable. parts: one for each
            hypothesis of that axiom. open: whether work variables occur in it.
    """

    __slots__ = ("body", "open", "parts", "syntax", "type")

    def __init__(
        self, type: str, body: str, syntax: Assertion | None = None, parts: tuple[Term, ...] = (), open: bool = False
    ) -> None:
        self.type, self.body, self.syntax, self.parts, self.open = type, body, syntax, parts, open


def build(syntax: Assertion, parts: tuple[Term, ...]) -> Term:
    """Make the term of a syntax axiom and its parts."""
    text, pick = syntax.conclusion
    return Term(
        syntax.type, text % pick([part.body for part in parts]), syntax, parts, any([part.open for part in parts])
    )


class _Node:
    """A place in the tree of all beginnings of syntax axioms."""

    __slots__ = ("constants", "ends", "types")

    def __init__(self) -> None:
        self.constants: dict[str, _Node] = {}
        self.types: dict[str, _Node] = {}
        self.ends: list[tuple[Assertion, tuple[int, ...]]] = []


class Grammar:
    """The syntax axioms of a database: those of any typecode but ``|-``, which says that what follows is provable.

    Attributes:
        provable: the character of ``|-``, empty where there is none. syntax: the axioms.
    """

    def __init__(self, database: Database) -> None:
        self.provable = next((symbol for symbol, name in database.names.items() if name == PROVABLE), "")
        self.syntax: list[Assertion] = []
        self._root = _Node()
        for one in database.labels.values():
            if isinstance(one, Assertion) and one.axiom and one.type != self.provable and not one.essential:
                self._add(one)

    def _add(self, syntax: Assertion) -> None:
        types = {one.fact[1]: one.fact[0] for one in syntax.hypotheses}
        body = syntax.fact[1]
        seen = [symbol for symbol in body if symbol in types]
        if not body or len(seen) != len(types):
            return
        node = self._root
        for symbol in body:
            kind, key = (node.types, types[symbol]) if symbol in types else (node.constants, symbol)
            node = kind.setdefault(key, _Node())
        order = tuple(seen.index(one.fact[1]) for one in syntax.hypotheses)
        node.ends.append((syntax, order))
        self.syntax.append(syntax)

    def parse(self, body: str, variables: Mapping[str, Term], type: str | None = None) -> Term | None:
        """Return the term that a body is, or None: of a type, or of any where none is given."""
        if type is None and body in variables:
            return variables[body]
        whole = _Chart(self._root, body, variables).at(0) if body else {}
        for kind, ends in whole.items():
            if len(body) in ends and type in (None, kind):
                return ends[len(body)]
        return None


class TooDeep(Exception):
    """An expression is nested deeper than `DEEPEST`."""


class _Chart:
    """All terms that begin at each place of a body, found once. Whatever begins with a term begins where it does."""

    def __init__(self, root: _Node, body: str, variables: Mapping[str, Term]) -> None:
        self.root, self.body, self.variables = root, body, variables
        self.done: dict[int, dict[str, dict[int, Term]]] = {}
        self.depth = 0

    def at(self, place: int) -> dict[str, dict[int, Term]]:
        """Return the terms that begin at a place: by type and end."""
        if place in self.done:
            return self.done[place]
        self.depth += 1
        if self.depth > DEEPEST:
            raise TooDeep
        found: dict[str, dict[int, Term]] = {}

        def add(end: int, term: Term) -> None:
            ends = found.setdefault(term.type, {})
            if end not in ends:
                ends[end] = term
                if term.type in self.root.types:
                    self._walk(self.root.types[term.type], end, (term,), add)

        symbol = self.body[place : place + 1]
        if symbol in self.variables:
            add(place + 1, self.variables[symbol])
        elif symbol in self.root.constants:
            self._walk(self.root.constants[symbol], place + 1, (), add)
        self.depth -= 1
        self.done[place] = found
        return found

    def _walk(self, node: _Node, place: int, parts: tuple[Term, ...], add: Callable[[int, Term], None]) -> None:
        for syntax, order in node.ends:
            add(place, build(syntax, tuple([parts[one] for one in order])))
        symbol = self.body[place : place + 1]
        if symbol in node.constants:
            self._walk(node.constants[symbol], place + 1, parts, add)
        if node.types and symbol:
            here = self.at(place)
            for kind, after in node.types.items():
                for end, term in list(here.get(kind, _NONE).items()):
                    self._walk(after, end, (*parts, term), add)


_NONE: Mapping[int, Term] = {}


class Pattern(NamedTuple):
    """An assertion as terms.

    Attributes:
        assertion: itself. conclusion: what it proves. hypotheses: what has to be proved first, in order.
        variables: its variables, one a ``$f``, in order. free: those that its conclusion does not hold.
        apart: pairs of variables that must be kept apart.
    """

    assertion: Assertion
    conclusion: Term
    hypotheses: tuple[tuple[str, Term], ...]
    variables: tuple[Term, ...]
    free: tuple[str, ...]
    apart: tuple[tuple[str, str], ...]


def leaves(frame: Frame) -> dict[str, Term]:
    """Return the variables of a frame as terms."""
    return {symbol: Term(one.fact[0], symbol) for symbol, one in frame.floating.items()}


def floating(hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
    """Return the ``$f`` statements among hypotheses."""
    return [one for one in hypotheses if one.floating]


def pattern_of(assertion: Assertion, grammar: Grammar) -> Pattern | None:
    """Return an assertion as terms, None where the grammar does not tell how it is built."""
    declared = floating(assertion.hypotheses)
    variables = {one.fact[1]: Term(*one.fact) for one in declared}

    def parse(body: str) -> Term | None:
        return grammar.parse(body, variables)

    conclusion = parse(assertion.fact[1])
    essential = [(one.fact[0], parse(one.fact[1])) for one in assertion.hypotheses if not one.floating]
    if conclusion is None or any(term is None for _, term in essential):
        return None
    hypotheses = tuple((kind, term) for kind, term in essential if term is not None)
    free = tuple(symbol for symbol in variables if symbol not in conclusion.body)
    symbols = [one.fact[1] for one in assertion.hypotheses]
    apart = tuple((symbols[one], symbols[other]) for one, other in assertion.apart)
    return Pattern(assertion, conclusion, hypotheses, tuple(variables.values()), free, apart)
