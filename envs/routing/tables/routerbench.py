"""RouterBench (arXiv 2403.12031): 11 models with the dollars of every call."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class RouterBench(TableSource):
    """Its csv files. Of a few-shot prompt the question is kept; of rows that are there twice the mean of the judged."""

    duplicates: str = "mean"

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        models = [name.removesuffix("|total_cost") for name in row if name.endswith("|total_cost")]
        cost = {model: row[f"{model}|total_cost"] for model in models}
        said = {model: _first(row[f"{model}|model_response"]) for model in models}
        prompt = _first(row["prompt"])
        question = prompt.split("\n\n")[-1] if prompt.endswith("Answer:") else prompt
        yield Answers(question, {m: row[m] for m in models}, row["eval_name"], cost, replies=said)


def _first(written: str | None) -> str:  # of what is written as a list of texts
    return str(ast.literal_eval(written)[0]) if written and written.startswith("[") else written or ""
