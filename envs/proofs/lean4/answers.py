"""What did Lean say? Answers of the REPL (github.com/leanprover-community/repl), read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

COMPLETED = "Completed"
"""The only `proofStatus` that means proved; ``goals == []`` means nothing (an unknown name leaves no goals, too)."""

_AXIOMS = re.compile(r"'(?P<name>[^']+)' (?:does not depend on any axioms|depends on axioms: \[(?P<list>[^\]]*)\])")


class NotAnAnswer(Exception):
    """What came is not in the form of the protocol."""


class Message(NamedTuple):
    """One message; `line` from 1 and `column` from 0, as Lean counts in the text it was sent."""

    severity: str
    text: str
    line: int
    column: int

    @property
    def bad(self) -> bool:
        """Whether it says that nothing is proved: an error, or that something is taken for granted."""
        return self.severity not in ("info", "warning", "trace") or "declaration uses" in self.text


class Answer(NamedTuple):
    """An answer to a command, or to a tactic.

    Attributes:
        wrong: the REPL's own refusal; everything else is empty then.
        env, state: numbers of the environment and of the proof state that were made. status: `proofStatus`.
        goals: None in an answer to a command. sorries: goals of places that were left out, with their states.
    """

    wrong: str = ""
    env: int | None = None
    state: int | None = None
    goals: tuple[str, ...] | None = None
    status: str = ""
    messages: tuple[Message, ...] = ()
    sorries: tuple[tuple[str, int | None], ...] = ()

    @property
    def error(self) -> Message | None:
        """The first message that forbids to call this right; None where there is none."""
        if self.wrong:
            return Message("error", self.wrong, 0, 0)
        found = next((message for message in self.messages if message.bad), None)
        if found is None and self.sorries:
            return Message("error", "a place is left out (sorry)", 0, 0)
        return found

    @property
    def completed(self) -> bool:
        """Whether a tactic ended the proof, as far as the REPL can tell; the whole theorem is checked all the same."""
        return self.goals == () and self.status == COMPLETED and self.error is None


def read_answer(raw: Any) -> Answer:
    """Read what the REPL sent, decoded from JSON.

    Raises:
        NotAnAnswer: where it is not in the form of the protocol.
    """
    try:
        if set(raw) == {"message"}:
            return Answer(wrong=_text(raw["message"]))
        goals = raw.get("goals")
        return Answer(
            env=_number(raw.get("env")),
            state=_number(raw.get("proofState")),
            goals=None if goals is None else tuple(map(_text, _list(goals))),
            status=_text(raw.get("proofStatus", "")),
            messages=tuple(map(_message, _list(raw.get("messages", [])))),
            sorries=tuple(
                (_text(one.get("goal", "")), _number(one.get("proofState"))) for one in _list(raw.get("sorries", []))
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAnAnswer(f"{str(raw)[:200]!r} is no answer of a Lean REPL") from error


def axioms_of(name: str, messages: Sequence[Message]) -> tuple[str, ...] | None:
    """Return what ``#print axioms name`` says in messages; None where not exactly one message says it."""
    told = [match for one in messages if one.severity == "info" and (match := _AXIOMS.fullmatch(one.text.strip()))]
    if len(told) != 1 or told[0]["name"].rpartition(".")[2] != name:
        return None
    return tuple(sorted(axiom.strip() for axiom in (told[0]["list"] or "").split(",") if axiom.strip()))


def _message(raw: Mapping[str, Any]) -> Message:
    place = raw.get("pos") or {"line": 0, "column": 0}
    return Message(_text(raw["severity"]), _text(raw["data"]), int(place["line"]), int(place["column"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _number(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise TypeError
    return value
