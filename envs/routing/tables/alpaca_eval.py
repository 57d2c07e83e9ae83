"""AlpacaEval 2 (arXiv 2404.04475): how likely a judge prefers a model's reply to that of GPT-4 Turbo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.assemble import CHARACTERS
from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class AlpacaEval(TableSource):
    """Rows with instruction, dataset, preference and output_chars. A few preferences were lost: such rows are dropped.

    The model `NullModel` says the same to everything, and is preferred all the same: leave it out by `models`.
    """

    missing: str = "drop"

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        tokens = {model: count / CHARACTERS for model, count in row["output_chars"].items()}
        yield Answers(row["instruction"], row["preference"], row["dataset"], tokens=tokens)
