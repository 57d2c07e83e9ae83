"""Who can be asked? Pools of experts: tables of real replies, scripts with known skills, and policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.tree.usage import NOTHING, Usage
from syllogym.envs.waiting import Soon


@dataclass(frozen=True, slots=True)
class Question:
    """What an expert is asked.

    Attributes:
        text: as it reads. family: the kind of task. row: its number in a table, -1 where it is in none.
        difficulty: 0 to 1, for scripted experts. answer: the right one, None where nobody knows it.
    """

    text: str
    family: str = ""
    row: int = -1
    difficulty: float = 0.0
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class ExpertReply:
    """What came back.

    Attributes:
        text: the reply. quality: 0 to 1, None where the pool cannot judge. usage: tokens, money and seconds it took.
        confidence: of the expert in its reply, 0 to 1; None where it tells none.
    """

    text: str
    quality: float | None = None
    usage: Usage = NOTHING
    confidence: float | None = None


class ExpertPool(Protocol):
    """Experts with their cards. The same question, model and seed get the same reply wherever chance is scripted."""

    @property
    def cards(self) -> tuple[ModelCard, ...]:
        """The experts, each name once."""
        ...

    def ask(self, model: str, question: Question, *, max_tokens: int | None = None, seed: int = 0) -> Soon[ExpertReply]:
        """Ask one expert. Raises UserError for a model that is not in the pool; what breaks on the way is a Fault."""
        ...
