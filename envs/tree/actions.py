"""In which words does an agent search? One of five actions a reply, written as a small tag.

::

    <propose node="3">thought</propose>   add a thought below a node
    <expand node="3" k="4"/>              let the proposer add up to so many; without k as many as is usual, one
    <evaluate node="5">0.7</evaluate>     judge a node: a number from 0 to 1, or sure, likely, impossible
    <backtrack to="2" prune="1"/>         go on from another node; prune cuts off the branch that is left
    <answer node="7">final</answer>       end with this answer; without a text, the one the node stands for

A node that is not named is the one where the search stands. Replies may hold other text around the tag, and its values
may be bare or in either kind of quotes; of several tags the last counts. A value that is there but cannot be read is
refused, for the node that is meant may be another than the one where the search stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

LONGEST = 8_192
"""Characters a thought or an answer may have."""

WORDS: Mapping[str, float] = {"sure": 1.0, "likely": 0.5, "impossible": 0.0}
"""What the words of a judgement are worth; they are those of Tree of Thoughts (arXiv 2305.10601)."""

_TAG = re.compile(r"<(propose|expand|evaluate|backtrack|answer)\b([^<>]*)>", re.IGNORECASE)
_VALUE = re.compile(r"""([a-z]+)\s*=\s*["']?(\d{1,9})["']?(?=[\s,]|$)""", re.IGNORECASE | re.ASCII)
_NAMES = {
    "propose": {"node"}, "expand": {"node", "k"}, "evaluate": {"node"}, "backtrack": {"to", "prune"},
    "answer": {"node"},
}  # fmt: skip


class Refused(Exception):
    """An action that cannot be read or is not allowed; the message tells the agent why."""


@dataclass(frozen=True, slots=True)
class Propose:
    """Add a thought below a node."""

    text: str
    node: int | None = None


@dataclass(frozen=True, slots=True)
class Expand:
    """Let the proposer add up to `k` thoughts below a node, as many as is usual where None."""

    node: int | None = None
    k: int | None = None


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Judge a node; without a value, let the evaluator do so."""

    node: int | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Backtrack:
    """Go on from another node; `prune` cuts off the branch that is left."""

    to: int
    prune: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """End the search with an answer; without a text, the one that the node stands for."""

    text: str | None = None
    node: int | None = None


Action: TypeAlias = Propose | Expand | Evaluate | Backtrack | Answer


def read(reply: str) -> Action:
    """Read the last action of a reply; `Refused` says what is wrong with it."""
    tags = list(_TAG.finditer(reply))
    if not tags:
        raise Refused("Say one of <propose>, <expand/>, <evaluate>, <backtrack/>, <answer>.")
    tag = tags[-1]
    kind = tag[1].lower()
    inside = tag[2].rstrip()
    values = _values(kind, inside.removesuffix("/").rstrip())
    text = None if inside.endswith("/") else _inside(reply, kind, tag.end())
    node = values.get("node")
    if kind == "propose":
        if not text:
            raise Refused('A thought is missing: <propose node="3">thought</propose>.')
        return Propose(text, node)
    if kind == "expand":
        return Expand(node, values.get("k"))
    if kind == "evaluate":
        return Evaluate(node, judgement(text) if text else None)
    if kind == "answer":
        return Answer(text or None, node)
    if "to" not in values:
        raise Refused('<backtrack/> needs a node to go to: <backtrack to="2"/>.')
    return Backtrack(values["to"], bool(values.get("prune")))


def judgement(text: str) -> float:
    """Read a judgement: a number from 0 to 1 or one of `WORDS`; `Refused` says what it may be."""
    word = text.strip().rstrip(".").lower()
    if word in WORDS:
        return WORDS[word]
    if re.fullmatch(r"0?\.\d{1,9}|[01](?:\.0{0,9})?", word, re.ASCII):
        return float(word)
    raise Refused(f"A judgement is a number from 0 to 1, or {', '.join(WORDS)}; not {text[:40]!r}.")


def written(action: Action) -> str:
    """Write an action in the strict form that `read` reads back."""
    node = "" if getattr(action, "node", None) is None else f' node="{action.node}"'  # type: ignore[union-attr]
    if isinstance(action, Propose):
        return f"<propose{node}>{action.text}</propose>"
    if isinstance(action, Expand):
        return f"<expand{node}/>" if action.k is None else f'<expand{node} k="{action.k}"/>'
    if isinstance(action, Evaluate):
        return f"<evaluate{node}/>" if action.value is None else f"<evaluate{node}>{action.value:.9g}</evaluate>"
    if isinstance(action, Answer):
        return f"<answer{node}/>" if action.text is None else f"<answer{node}>{action.text}</answer>"
    prune = ' prune="1"' if action.prune else ""
    return f'<backtrack to="{action.to}"{prune}/>'


def _values(kind: str, written: str) -> dict[str, int]:
    """Read the values of a tag; `Refused` names one that is no number, or not one of this tag's."""
    values = {name.lower(): int(value) for name, value in _VALUE.findall(written)}
    names = " and ".join(sorted(_NAMES[kind]))
    if unknown := values.keys() - _NAMES[kind]:
        raise Refused(f"<{kind}> takes {names}; not {', '.join(sorted(unknown))}.")
    if unread := _VALUE.sub("", written).strip(" \t\r\n,"):
        raise Refused(f'<{kind}> takes {names} as whole numbers, such as {max(_NAMES[kind])}="3"; not {unread[:40]!r}.')
    return values


def _inside(reply: str, kind: str, start: int) -> str | None:
    """Return the text up to the closing tag, of actions that have one."""
    end = reply.lower().find(f"</{kind}>", start)
    if kind in ("expand", "backtrack"):
        return None
    if end < 0:
        raise Refused(f"</{kind}> is missing.")
    text = reply[start:end].strip()
    if len(text) > LONGEST:
        raise Refused(f"<{kind}> holds {len(text)} characters; {LONGEST} are allowed.")
    return text
