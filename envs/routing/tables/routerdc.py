"""RouterDC (arXiv 2409.19886): graded scores of 7 open models."""

from __future__ import annotations

from dataclasses import dataclass

from syllogym.envs.routing.source import source
from syllogym.envs.routing.tables.scores import Scores


@source()
@dataclass(kw_only=True)
class RouterDC(Scores):
    """Its JSON files. A few questions are there twice: their mean holds."""

    duplicates: str = "mean"
