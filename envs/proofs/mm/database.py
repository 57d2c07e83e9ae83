"""What does a Metamath database declare? Read statement by statement, every rule of the language checked but proofs."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterable, MutableMapping
from copy import copy
from pathlib import Path

from syllogym.envs.proofs.mm.source import MetamathError, Source, Statement, statements
from syllogym.envs.proofs.mm.statements import Assertion, Fact, Frame, Hypothesis

_LABEL = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_FIRST = 0x21


class Database:
    """Symbols and statements of a file.

    Attributes:
        labels: every statement that has a label, in order. theorems: the ``$p`` among them.
        names: the symbol that a character stands for. constants, variables: characters of either kind.
    """

    def __init__(self) -> None:
        self.labels: MutableMapping[str, Hypothesis | Assertion] = {}
        self.theorems: list[Assertion] = []
        self.names: dict[str, str] = {}
        self.constants: set[str] = set()
        self.variables: set[str] = set()
        self.frame = Frame()
        self._symbols: dict[str, str] = {}  # of every symbol ever declared
        self._active: dict[str, str] = {}  # of constants, and of variables where they are in scope
        self._outer: list[tuple[Frame, dict[str, str], Statement]] = []
        self._count = 0

    @classmethod
    def read(cls, path: Path) -> Database:
        """Read a file; `MetamathError` names the place that is against the rules."""
        return cls.of(Source.of(path))

    @classmethod
    def of(cls, source: Source) -> Database:
        """Read a text."""
        database = cls()
        database.extend(statements(source))
        return database

    def extend(self, more: Iterable[Statement]) -> None:
        """Read more statements."""
        hear = {
            "c": self._constants, "v": self._variables, "d": self._apart, "f": self._floating, "e": self._essential,
            "a": self._assertion, "p": self._assertion, "{": self._open, "}": self._close,
        }  # fmt: skip
        for statement in more:
            hear[statement.keyword](statement)
        if self._outer:
            last = self._outer[-1][2]
            raise MetamathError("This ${ is never closed.", last.source, last.at)

    def shown(self, body: str) -> str:
        """Write an expression as in the file."""
        return " ".join(map(self.names.__getitem__, body))

    def statement(self, fact: Fact) -> str:
        """Write a fact as in the file."""
        return self.shown(fact[0] + fact[1])

    def symbol(self, name: str) -> str:
        """Return the character of a symbol; empty where there is none."""
        return self._symbols.get(name, "")

    def stating(self, theorem: Source) -> Database:
        """Return this database with one more theorem at its end, written with what is in force for it, in a block."""
        more = copy(self)
        more.labels, more.theorems = ChainMap({}, self.labels), []
        for statement in (known := list(statements(theorem))):
            if statement.keyword in "ac[":
                raise self._wrong(statement, f"A ${statement.keyword} statement has no place before a theorem.")
        more.extend(known)
        if len(more.theorems) != 1:
            raise MetamathError("One theorem is stated at a time.", theorem, 0)
        return more

    def _wrong(self, statement: Statement, message: str, word: int = 0) -> MetamathError:
        at = statement.source.word(statement.body, statement.body_at, word)
        return MetamathError(message, statement.source, at)

    def _open(self, statement: Statement) -> None:
        self._outer.append((self.frame, self._active, statement))

    def _close(self, statement: Statement) -> None:
        if not self._outer:
            raise MetamathError("This $} closes nothing.", statement.source, statement.at)
        self.frame, self._active, _ = self._outer.pop()

    def _constants(self, statement: Statement) -> None:
        if self._outer:
            raise MetamathError("Constants are declared outside ${ and $} only.", statement.source, statement.at)
        for place, name in enumerate(self._words(statement)):
            if name in self._symbols:
                raise self._wrong(statement, f"The symbol {name} is declared already.", place)
            self.constants.add(self._symbol(statement, place, name))
            self._active[name] = self._symbols[name]

    def _variables(self, statement: Statement) -> None:
        self._active = dict(self._active)
        for place, name in enumerate(self._words(statement)):
            if name in self._active or self._symbols.get(name) in self.constants:
                raise self._wrong(statement, f"The symbol {name} is declared already.", place)
            self.variables.add(self._symbol(statement, place, name))
            self._active[name] = self._symbols[name]

    def _words(self, statement: Statement) -> list[str]:
        words = statement.body.split()
        if not words:
            raise self._wrong(statement, f"This ${statement.keyword} statement names nothing.")
        return words

    def _symbol(self, statement: Statement, place: int, name: str) -> str:
        if name in self.labels:
            raise self._wrong(statement, f"The symbol {name} is a label already.", place)
        if name not in self._symbols:
            code = _FIRST + len(self._symbols)
            code += code >= ord("%")  # which marks the holes of templates
            code += 0x800 * (code >= 0xD800)  # surrogates
            self._symbols[name] = chr(code)
            self.names[chr(code)] = name
        return self._symbols[name]

    def _apart(self, statement: Statement) -> None:
        symbols = self._characters(statement)
        if len(symbols) < 2:
            raise self._wrong(statement, "A $d statement names two variables or more.")
        apart = dict(self.frame.apart)
        for place, symbol in enumerate(symbols):
            if symbol not in self.variables:
                raise self._wrong(statement, f"{self.names[symbol]} is no variable.", place)
            if symbols.index(symbol) < place:
                raise self._wrong(statement, f"{self.names[symbol]} cannot be apart from itself.", place)
            apart[symbol] = apart.get(symbol, frozenset()).union(symbols) - {symbol}
        self.frame = self.frame._replace(apart=apart)

    def _floating(self, statement: Statement) -> None:
        symbols = self._characters(statement)
        if len(symbols) != 2 or symbols[0] not in self.constants or symbols[1] not in self.variables:
            raise self._wrong(statement, "A $f statement holds a constant, its type, and a variable.")
        if symbols[1] in self.frame.floating:
            raise self._wrong(statement, f"The variable {self.names[symbols[1]]} has a $f statement already.", 1)
        made = self._hypothesis(statement, True, (symbols[0], symbols[1]))
        self.frame = self.frame._replace(floating={**self.frame.floating, symbols[1]: made})

    def _essential(self, statement: Statement) -> None:
        made = self._hypothesis(statement, False, self._fact(statement))
        self.frame = self.frame._replace(essential=(*self.frame.essential, made))

    def _hypothesis(self, statement: Statement, floating: bool, fact: Fact) -> Hypothesis:
        self._check_label(statement)
        made = Hypothesis(statement.label, self._count, floating, fact)
        self.labels[made.label] = made
        return made

    def _assertion(self, statement: Statement) -> None:
        fact = self._fact(statement)
        self._check_label(statement)
        axiom = statement.keyword == "a"
        made = Assertion(statement.label, self._count, fact, self.frame, statement.source, statement.at, axiom)
        self.labels[made.label] = made
        if not axiom:
            made.proof, made.proof_at = statement.proof, statement.proof_at
            self.theorems.append(made)

    def _check_label(self, statement: Statement) -> None:
        label, wrong = statement.label, ""
        if not _LABEL.fullmatch(label):
            wrong = "Labels are made of letters, digits, '.', '-' and '_'."
        elif label in self.labels:
            wrong = f"The label {label} is given already."
        elif label in self._symbols:
            wrong = f"The label {label} is a symbol already."
        if wrong:
            raise MetamathError(wrong, statement.source, statement.source.text.rfind(label, 0, statement.at))
        self._count += 1

    def _characters(self, statement: Statement) -> str:
        words = statement.body.split()
        try:
            return "".join([self._active[word] for word in words])
        except KeyError as error:
            place = words.index(error.args[0])
            raise self._wrong(statement, f"The symbol {error.args[0]} is not declared here.", place) from error

    def _fact(self, statement: Statement) -> Fact:
        symbols = self._characters(statement)
        if not symbols or symbols[0] not in self.constants:
            raise self._wrong(statement, "An expression begins with a constant, its type.")
        untyped = self.variables.intersection(symbols) - self.frame.floating.keys()
        if untyped:
            place = min(map(symbols.index, untyped))
            raise self._wrong(statement, f"The variable {self.names[symbols[place]]} has no $f statement here.", place)
        return symbols[0], symbols[1:]
