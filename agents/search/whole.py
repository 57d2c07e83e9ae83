"""What does a node stand for that holds a whole answer, and which answer does any node stand for?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from syllogym.envs.tree.thought_tree import ThoughtTree

_TAG = re.compile(r"<answer>((?:(?!<answer>).)*)</answer>", re.IGNORECASE | re.DOTALL)
_MARK = re.compile(r"^.*?answer(?: is)?\s*:[* ]*(.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Whole:
    """The state behind a reply that answers everything at once."""

    answer: str


def read_answer(reply: str) -> str:
    """Return the last ``<answer>...</answer>`` of a reply, or what follows its last ``Answer:``, or its last line."""
    tagged = _TAG.findall(reply)
    if tagged:
        return str(tagged[-1]).strip()
    lines = [line.strip() for line in reply.splitlines() if line.strip()]
    for line in reversed(lines):
        found = _MARK.match(line)
        if found is not None:
            return found[1].strip(" *")
    return lines[-1] if lines else ""


def answer_of(task: Any, tree: ThoughtTree, node: int) -> str | None:
    """Return the answer that a node stands for; None where it stands for none."""
    state = tree.state[node]
    if isinstance(state, Whole):
        return state.answer
    answer: str | None = task.answer(state)
    return answer
