"""What is a program asked, and what must it answer? Four kinds of test; expected values never leave the parent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from syllogym.envs.code.sandbox.inside import plain
from syllogym.envs.code.sandbox.judges import exact, same_lines
from syllogym.errors import UserError

Judge: TypeAlias = Callable[[str, str], bool]
"""Whether a text that a program gave will do for the expected one (see `syllogym.envs.code.sandbox.judges`)."""


@dataclass(frozen=True)
class Call:
    """A call and the value it must return.

    Attributes:
        function: an expression in the program's names that gives the function: ``"add"``, ``"Solution().twoSum"``.
        arguments: plain data. keywords: the same, by name.
        expected: plain data.
        judge: compares the texts of two values (`plain.encode`); by default types and values must be the same.
    """

    function: str
    arguments: Sequence[Any] = ()
    expected: Any = None
    keywords: Mapping[str, Any] = field(default_factory=dict)
    judge: Judge = exact

    def question(self) -> dict[str, Any]:
        """What the program's process is given: nothing of the expected value."""
        given = tuple(self.arguments), dict(self.keywords)
        try:
            plain.encode(given, strict=True)
        except plain.NotPlain as error:
            raise UserError(f"An argument for {self.function} is {error}.") from error
        return {"call": self.function, "with": plain.packed(given)}


@dataclass(frozen=True)
class Expression:
    """An expression that is evaluated among the program's names, and the value it must have.

    It must not hold the expected value, as it enters the program's process.
    """

    source: str
    expected: Any = None
    judge: Judge = exact

    def question(self) -> dict[str, Any]:
        """What the program's process is given."""
        return {"eval": self.source}


@dataclass(frozen=True)
class Stdin:
    """What the program reads from standard input, and what it must print. `judge` compares the two outputs."""

    stdin: str
    expected: str = ""
    judge: Judge = same_lines


@dataclass(frozen=True)
class Script:
    """Tests as source text that cannot be turned into pairs; they run in a process of their own.

    Attributes:
        pieces: statements in their order, each with whether it is a test (it holds an assertion) or prepares one.
        names: functions of the program that the tests call; plain data pass both ways.
    """

    pieces: tuple[tuple[str, bool], ...]
    names: tuple[str, ...]


Test: TypeAlias = Call | Expression | Stdin | Script


def expected_text(test: Call | Expression) -> str:
    """Return the canonical text of what a test expects.

    Raises:
        UserError: if that is not plain data.
    """
    try:
        return plain.encode(test.expected, strict=True)
    except plain.NotPlain as error:
        raise UserError(f"The expected value of {test.question()} is {error}.") from error


def size(test: Test) -> int:
    """Return how many outcomes a test has."""
    return sum(judged for _, judged in test.pieces) if isinstance(test, Script) else 1
