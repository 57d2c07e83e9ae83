"""LiveCodeBench (arXiv 2403.07974): pass@1 of many models, in percent; its files name problems but do not tell them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class LiveCodeBench(TableSource):
    """Its files of performances. Several samples of a problem, as test generation has them, are one by their mean."""

    duplicates: str = "mean"

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        for one in row["performances"]:
            share = one["pass@1"] if "pass@1" in one else one["Pass@1"]
            names = [one[key] for key in ("platform", "question_id", "sample_id", "difficulty") if key in one]
            question = " ".join(map(str, names))
            yield Answers(question, {one["model"]: share / 100}, one.get("difficulty", ""))
