"""ZeroEval: what 36 to 49 models got right in GSM8K, MATH level 5, CRUXEval, ZebraLogic and MMLU-Redux."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.routing.assemble import CHARACTERS
from syllogym.envs.routing.source import Answers, TableSource, source


@source()
@dataclass(kw_only=True)
class ZeroEval(TableSource):
    """Its rows with the fields id, question, correct. Who gave no answer that can be read is not there: it is wrong.

    Where a model was run on a part of the questions only (MATH level 5), choose `missing: drop_models`.
    """

    missing: str = "wrong"
    duplicates: str = "mean"

    def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
        family = row.get("size") or re.split(r"-test-|-#|^\d+$", str(row["id"]))[0]
        tokens = {model: count / CHARACTERS for model, count in (row.get("output_chars") or {}).items()}
        question = "\n".join((row.get("question") or row["id"], *(row.get("choices") or ())))
        yield Answers(question, row["correct"], family, tokens=tokens)
