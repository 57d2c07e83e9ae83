"""What is a model told that proposes or judges, and what is read from its reply?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from string import Formatter
from types import MappingProxyType

from syllogym.errors import UserError, check_options

LABELS: Mapping[str, float] = MappingProxyType({"sure": 1.0, "likely": 0.05, "impossible": 0.00005})
"""What the words are worth by which a state is judged: 20, 1 and 0.001 (arXiv 2305.10601), in [0, 1]."""

_BULLET = re.compile(r"^\s*(?:[-*\u2022]\s+|\(?\d+[.):]\s+)")
_SCORE = re.compile(r"score: *(\d+(?:\.\d+)?)", re.IGNORECASE | re.ASCII)
_BEST = re.compile(r"best: *(\d+)", re.IGNORECASE | re.ASCII)
_HEAD = "{problem}\n\nSo far:\n{thoughts}\n{state}\n\n"
_WHOLE = "Write the final answer between <answer> and </answer>."


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """A template for each kind of request. In braces stand: `problem`, `thoughts` (those on the way to a node, a line
    each), `state` (what the task shows of it), `answer` (its reply, where it is a whole one), `n`, `others` (numbered).

    Attributes:
        propose, sample, io, cot, write, value, judge, vote, refine: templates; `value` asks for one of the labels,
            `judge` for ``Score: x``, x from 0 to 10, and `vote` for ``Best: i``.
        labels: words that `value` asks for, and what they are worth.
        lines: whether a thought is one line; otherwise it is a whole reply.
    """

    propose: str = _HEAD + "List up to {n} different possible next steps, one a line, and nothing else."
    sample: str = _HEAD + "Write the next step, on one line, and nothing else."
    io: str = "{problem}\n\n" + _WHOLE + " Write nothing else."
    cot: str = "{problem}\n\nThink step by step. " + _WHOLE
    write: str = _HEAD + "From these steps, w" + _WHOLE[1:]
    value: str = _HEAD + "Can this still lead to a right answer? Reason briefly, then end with one word: {labels}."
    judge: str = (
        "{problem}\n\nThis was answered:\n{answer}\n\nIs it right? Check it, then end with a line "
        '"Score: x", where x is from 0 (wrong) to 10 (right).'
    )
    vote: str = '{problem}\n\n{others}\n\nWhich of them is best? Reason briefly, then end with a line "Best: i".'
    refine: str = (
        "{problem}\n\nEarlier answers, and the last one:\n{thoughts}\n\n{others}\n\n"
        "Say what is wrong with the last one, then answer anew. " + _WHOLE
    )
    labels: Mapping[str, float] = field(default_factory=lambda: LABELS)
    lines: bool = True

    def __post_init__(self) -> None:
        for entry in fields(self):
            template = getattr(self, entry.name)
            if isinstance(template, str):
                used = [name for _, name, _, _ in Formatter().parse(template) if name is not None]
                check_options(f"prompts.{entry.name}", _FILLED, used)
        if not self.labels or not all(0 <= worth <= 1 for worth in self.labels.values()):
            raise UserError(f"prompts.labels gives words what they are worth, from 0 to 1; not {dict(self.labels)!r}.")

    def listed(self, reply: str, n: int) -> list[str]:
        """Return up to `n` thoughts that a reply lists, each once, without numbers or bullets."""
        lines = [_BULLET.sub("", line).strip() for line in reply.splitlines()]
        return list(dict.fromkeys(line for line in lines if line))[:n]

    def thought(self, reply: str) -> list[str]:
        """Return the thought that a reply is; none where it is empty."""
        if not self.lines:
            return [reply.strip()] if reply.strip() else []
        return self.listed(reply, 1)

    def worth(self, reply: str) -> float | None:
        """Return what the last label in a reply is worth; None without one."""
        found = re.findall(rf"\b({'|'.join(map(re.escape, self.labels))})\b", reply, re.IGNORECASE)
        return self.labels[found[-1].lower()] if found else None


_FILLED = ("problem", "thoughts", "state", "answer", "n", "others", "labels")


def graded(reply: str) -> float | None:
    """Return the last ``Score: x`` of a reply, from 0 to 1; None without one, or of an x above 10."""
    found = _SCORE.findall(reply)
    return float(found[-1]) / 10 if found and float(found[-1]) <= 10 else None


def chosen(reply: str, count: int) -> int | None:
    """Return the last ``Best: i`` of a reply, counted from 0; None without one, or of an i that is not there."""
    found = _BEST.findall(reply)
    return int(found[-1]) - 1 if found and 1 <= int(found[-1]) <= count else None
