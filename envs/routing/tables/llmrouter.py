"""LLMRouter: 9 models on 13 families of tasks. Its file of candidates tells their prices."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.envs.routing.source import source
from syllogym.envs.routing.tables.scores import Scores


@source()
@dataclass(kw_only=True)
class LLMRouter(Scores):
    """Its JSON files of scores; `prices` is its file of candidates, `default_llm.json`. Of doubles their mean holds."""

    duplicates: str = "mean"
