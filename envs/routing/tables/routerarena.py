"""RouterArena (arXiv 2510.00202): a model's answers with their score and the dollars they cost, one file a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class RouterArena(TableSource):
    """Its JSON lines, with `path` a list of files that are to be put side by side. A score below 0 counts as 0."""

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        model, judged, used = row["llm_selected"], row["evaluation_result"], row["token_usage"]
        yield Answers(
            row["question"],
            {model: max(0.0, judged["score"])},
            row["global_index"].rpartition("_")[0],
            {model: judged["inference_cost"]},
            {model: used["output_tokens"]},
            {model: row["generated_answer"]},
        )
