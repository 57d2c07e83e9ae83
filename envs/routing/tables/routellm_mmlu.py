"""RouteLLM's MMLU table (arXiv 2406.18665): GPT-4 and Mixtral 8x7B on 57 subjects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class RouteLLMMmlu(TableSource):
    """Rows with subject, prompt and a field for each model. Some prompts are there twice: their mean holds.

    `duplicates: keep` counts them twice as the published figures do, but may have one in each part of a split.
    """

    duplicates: str = "mean"

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        right = {name: row[name] for name in row if name not in ("subject", "row", "prompt")}
        yield Answers(row["prompt"], right, row["subject"])
