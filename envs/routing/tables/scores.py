"""Rows with a question and the scores of models: the form of RouterDC (arXiv 2409.19886) and LLMRouter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class Scores(TableSource):
    """Fields question and scores. Where a row has a `family`, a `task_name` or a `cluster_id`, that is its family."""

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        family = next((row[key] for key in ("family", "task_name", "cluster_id") if row.get(key) is not None), "")
        yield Answers(row["question"], row["scores"], str(family))
