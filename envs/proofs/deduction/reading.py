"""How is a formula written? ``forall x. P(x) -> Q(x, f(a)) \\/ ~p``; logicians' symbols will do, too.

From loosest to tightest: ``<->``, ``->`` (to the right), ``\\/`` and ``⊕``, ``/\\``, ``~``. A quantifier with a dot
reaches as far right as it can; without a dot (``∀x (P(x) → Q(x))``) over what follows it at once, as a negation does.
Other names than those of bound variables are constants, functions and predicates, told apart by where they stand and
how many arguments they have. Names are of ASCII letters, digits and ``_``. Nothing is longer or deeper than the bounds
below.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from syllogym.envs.proofs.deduction.formulas import ALL, AND, EQ, EX, FALSE, IFF, IMP, NOT, OR, Expr, negated, variable

LONGEST = 2_000
"""Characters a formula may have."""
DEEPEST = 50
"""Levels of brackets, negations, quantifiers, arguments and implications a formula may have."""

SYMBOLS = {
    "∧": AND, "&": AND, "and": AND, "\u2228": OR, "or": OR, "→": IMP, "=>": IMP, "↔": IFF, "⟷": IFF, "<=>": IFF,
    "¬": NOT, "!": NOT, "not": NOT, "∀": ALL, "∃": EX, "⊥": FALSE, "⊕": "xor", "≠": "!=", "⊢": "|-",
}  # fmt: skip
"""Other ways of writing what is read."""

_TOKENS = re.compile(
    r"\s*(?:([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)"
    r"|(<->|<=>|->|=>|/\\|\\/|\|-|!=|[~!&=(),.:∧\u2228→↔⟷¬∀∃⊥⊕≠⊢])|(\S))",
    re.ASCII,
)
_INFIX = {IFF: (1, 2, 2), IMP: (2, 3, 2), OR: (3, 4, 4), "xor": (3, 4, 4), AND: (4, 5, 5)}
"""How tightly a connective binds; what its right side must bind at least as, then what may follow on its left."""
_RESERVED = {ALL, EX, FALSE, "by", "let", "xor"}


class NotAFormula(ValueError):
    """A text is no formula. `column` says where, from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


class Read(NamedTuple):
    """A formula, and the names that stand in it for things (not for predicates and propositions)."""

    formula: Expr
    constants: frozenset[str]


@lru_cache(maxsize=1 << 14)
def read(text: str) -> Read:
    """Read a formula.

    Raises:
        NotAFormula: with the column where it goes wrong.
    """
    reader = _Reader(text)
    formula = reader.formula(0)
    reader.end()
    return Read(formula, frozenset(reader.constants))


@lru_cache(maxsize=1 << 10)
def read_sequent(text: str) -> tuple[tuple[Read, ...], Read]:
    """Read ``premise, premise |- conclusion``; without ``|-`` it is a conclusion alone.

    Raises:
        NotAFormula: with the column where it goes wrong.
    """
    reader = _Reader(text, LONGEST * 8)
    formulas = [] if reader.at("|-") else [reader.one()]
    while reader.take(","):
        formulas.append(reader.one())
    if reader.take("|-"):
        conclusion = reader.one()
    elif len(formulas) == 1:
        conclusion = formulas.pop()
    else:
        raise reader.error("|- and a conclusion")
    reader.end()
    return tuple(formulas), conclusion


class _Reader:
    """Recursive descent over the tokens of one text."""

    def __init__(self, text: str, longest: int = LONGEST) -> None:
        if len(text) > longest:
            raise NotAFormula(f"a formula has at most {longest} characters; this has {len(text)}", longest)
        self.places, self.tokens = [], []
        for match in _TOKENS.finditer(text):
            name, number, symbol, strange = match.groups()
            if strange:
                raise NotAFormula(f"{strange!r} has no place in a formula", match.start(4) + 1)
            token = name or number or symbol
            self.tokens.append(SYMBOLS.get(token, token))
            self.places.append(match.end() - len(token) + 1)
        self.tokens.append("")
        self.places.append(len(text) + 1)
        self.next = 0
        self.depth = 0
        self.bound: list[str] = []
        self.constants: set[str] = set()

    def error(self, wanted: str) -> NotAFormula:
        found = self.tokens[self.next]
        said = f"{wanted} should stand here, not {found!r}" if found else f"{wanted} is missing"
        return NotAFormula(said, self.places[self.next])

    def at(self, token: str) -> bool:
        return self.tokens[self.next] == token

    def take(self, token: str) -> bool:
        if self.tokens[self.next] != token:
            return False
        self.next += 1
        return True

    def need(self, token: str) -> None:
        if not self.take(token):
            raise self.error(repr(token))

    def end(self) -> None:
        if not self.at(""):
            raise self.error("the end of the formula, or a connective,")

    def one(self) -> Read:
        """Read one formula of several."""
        self.constants = set()
        formula = self.formula(0)
        return Read(formula, frozenset(self.constants))

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotAFormula(f"a formula has at most {DEEPEST} levels", self.places[self.next])

    def formula(self, binding: int) -> Expr:
        """Read a formula whose connectives bind at least as tightly as `binding`."""
        depth = self.depth
        self.deeper()
        left = self.unary()
        while (infix := _INFIX.get(self.tokens[self.next])) is not None and infix[0] >= binding:
            connective = self.tokens[self.next]
            self.next += 1
            right = self.formula(infix[2])
            left = negated(Expr(IFF, (left, right))) if connective == "xor" else Expr(connective, (left, right))
            if connective == IFF and self.at(IFF):
                raise self.error("a bracket: a <-> b <-> c has two readings, so that one")
            if connective in (OR, AND, "xor"):
                self.deeper()  # a long row leans to the left
        self.depth = depth
        return left

    def unary(self) -> Expr:
        token = self.tokens[self.next]
        if token == NOT:
            self.next += 1
            self.deeper()
            inner = self.unary()
            self.depth -= 1
            return negated(inner)
        if token in (ALL, EX):
            return self.quantified(token)
        if token == FALSE:
            self.next += 1
            return Expr(FALSE)
        if token == "(":
            self.next += 1
            inner = self.formula(0)
            self.need(")")
            return inner
        return self.atom()

    def quantified(self, quantifier: str) -> Expr:
        self.next += 1
        self.bound.append(self.name("the name of a variable"))
        self.deeper()
        body = self.formula(0) if self.take(".") or self.take(":") else self.unary()
        self.depth -= 1
        self.bound.pop()
        return Expr(quantifier, (body,))

    def atom(self) -> Expr:
        """Read a proposition, a predicate with its arguments, or an equation."""
        start = self.next
        head = self.name("a formula")
        parts = self.arguments()
        sign = self.tokens[self.next]
        if sign not in (EQ, "!="):
            if not parts and head in self.bound:
                self.next = start
                raise self.error(f"a formula ({head} is a variable)")
            return Expr(head, parts)
        self.next += 1
        equation = Expr(EQ, (self.thing(head, parts), self.term()))
        return equation if sign == EQ else negated(equation)

    def term(self) -> Expr:
        return self.thing(self.name("a term"), self.arguments())

    def thing(self, head: str, parts: tuple[Expr, ...]) -> Expr:
        """Return a term; a name that is bound is a variable."""
        if parts:
            return Expr(head, parts)
        for index, name in enumerate(reversed(self.bound)):
            if name == head:
                return variable(index)
        self.constants.add(head)
        return Expr(head)

    def arguments(self) -> tuple[Expr, ...]:
        if not self.take("("):
            return ()
        self.deeper()
        parts = [self.term()]
        while self.take(","):
            parts.append(self.term())
        self.need(")")
        self.depth -= 1
        return tuple(parts)

    def name(self, wanted: str) -> str:
        token = self.tokens[self.next]
        if not (token[:1].isalnum() or token[:1] == "_") or token in _RESERVED:
            raise self.error(wanted)
        self.next += 1
        return token
