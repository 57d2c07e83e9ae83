"""What was a router asked, and what would everybody have replied? By this its episodes are judged beside baselines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from syllogym.envs.routing.pool import Question


class Posed(NamedTuple):
    """The question of an episode. An environment in which models are asked returns it from a method `posed`.

    Attributes:
        question: as it was put. known: quality and dollars of every model's reply to the whole of it, by name; None
            where nobody can know without asking.
    """

    question: Question
    known: Mapping[str, tuple[float, float]] | None
