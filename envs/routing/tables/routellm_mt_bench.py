"""RouteLLM's MT-Bench table (arXiv 2406.18665): GPT-4's scores, 1 to 10, of itself and of Mixtral 8x7B."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source

_TURN = re.compile(r"(?:\[Question\]|### User:)\n(.*?)\n\n(?:\[The Start|### Assistant A:)", re.DOTALL)


@source()
@dataclass(kw_only=True)
class RouteLLMMtBench(TableSource):
    """Judgements, one a model and turn; quality is a tenth of the score."""

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        asked = row["user_prompt"].split("Conversation with User|>")[-2:][0]  # around it the judge is told the answers
        question = "\n\n".join(_TURN.findall(asked))
        yield Answers(question, {row["model"]: row["score"] / 10}, f"mt_bench/{row['turn']}")
