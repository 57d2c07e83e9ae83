"""What was a router asked, and what would everybody have replied? By this its episodes are judged beside baselines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from syllogym.envs.routing.pool import ExpertPool, ExpertReply, Question
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.table_pool import TablePool


class Posed(NamedTuple):
    """The question of an episode. An environment in which models are asked returns it from a method `posed`.

    Attributes:
        question: as it was put. known: quality and dollars of every model's reply to the whole of it, by name; None
            where nobody can know without asking.
    """

    question: Question
    known: Mapping[str, tuple[float, float]] | None


def known_of(pool: ExpertPool, question: Question, seed: int) -> Mapping[str, tuple[float, float]] | None:
    """Return quality and dollars of every expert's reply; None where asking them is not free."""
    if not isinstance(pool, ScriptedPool | TablePool):
        return None
    replies: dict[str, ExpertReply] = {card.name: pool.ask(card.name, question, seed=seed) for card in pool.cards}
    return {name: (reply.quality or 0.0, reply.usage.money) for name, reply in replies.items()}
