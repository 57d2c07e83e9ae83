"""RouteLLM's GSM8K table (arXiv 2406.18665): GPT-4 and Mixtral 8x7B on grade-school problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class RouteLLMGsm8k(TableSource):
    """Its csv file: a column with what is right and one with the response, for each model."""

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        replies = {name.removesuffix("_response"): row[name] for name in row if name.endswith("_response")}
        yield Answers(row["prompt"], {model: row[model] for model in replies}, "gsm8k", replies=replies)
