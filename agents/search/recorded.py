"""What would another strategy have done with what a model once said? Its proposals and judgements are replayed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, ClassVar

from syllogym.agents.search.request import GROWS, Case, Result
from syllogym.envs.tree.thought_tree import ThoughtTree
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.errors import UserError

Thoughts = tuple[str, ...]
"""The thoughts from the root to a node."""


@dataclass(kw_only=True)
class Recorded:
    """Proposes and judges as it was recorded; where nothing was, it has nothing to propose, and judges 0.

    Attributes:
        thoughts: what was proposed after which thoughts. values: of which thoughts, in [0, 1].
        usage: what each request uses.
    """

    together: ClassVar[bool] = True

    thoughts: Mapping[Thoughts, Sequence[str]]
    values: Mapping[Thoughts, float]
    usage: Usage = field(default=NOTHING)

    def most(self, case: Case) -> Usage:
        """Return what a request uses."""
        return self.usage

    def answer(self, cases: Sequence[Case]) -> list[Result]:
        """Answer requests."""
        return [self._answer(case) for case in cases]

    def _answer(self, case: Case) -> Result:
        request, tree = case.request, case.tree
        if request.kind in GROWS:
            return Result(self.thoughts.get(said(tree, request.nodes[0]), ()), usage=self.usage)
        return Result((), [self.values.get(said(tree, node), 0.0) for node in request.nodes], self.usage)


def said(tree: ThoughtTree, node: int) -> Thoughts:
    """Return the thoughts that lead to a node."""
    return tuple(tree.text[at] for at in tree.path(node)[1:])


def read_tot_log(file: File, highest: float) -> Iterator[tuple[str, Recorded]]:
    """Yield puzzle and recording of each run in a log of tree-of-thought-llm (compressed where it ends in ``.gz``).

    Args:
        file: a list of runs, each with ``steps`` of ``x`` (the puzzle), ``new_ys`` and ``values``.
        highest: what its values are divided by; three opinions of "sure" make 60. More than that counts as 1.

    Raises:
        UserError: the file holds no such log.
    """
    try:
        with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as text:
            runs = json.load(text)
        for run in runs:
            yield run["steps"][0]["x"], _read(run["steps"], highest)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise UserError(f"{file} is no log of tree-of-thought-llm: {type(error).__name__}: {error}.") from error


def _read(steps: Sequence[Mapping[str, Any]], highest: float) -> Recorded:
    thoughts: dict[Thoughts, list[str]] = {}
    values: dict[Thoughts, float] = {}
    for step in steps:
        for text, value in zip(step["new_ys"], step["values"], strict=True):
            lines = tuple(text.splitlines())
            listed = thoughts.setdefault(lines[:-1], [])
            if lines[-1] not in listed:  # the log judges repetitions 0
                listed.append(lines[-1])
                values[lines] = min(1.0, value / highest)
    return Recorded(thoughts=thoughts, values=values)
