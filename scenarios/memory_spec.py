"""What may a scenario say of how much a policy remembers?"""

from __future__ import annotations

from pydantic import PositiveInt, model_validator

from syllogym.agents.memory import MemoryPlayer, count, summary_by
from syllogym.agents.player import Player
from syllogym.scenarios.mappings import Strict
from syllogym.scenarios.player_spec import PlayerSpec


class MemorySpec(Strict):
    """When a policy begins a new context, and with what (see `syllogym.agents.memory`).

    Attributes:
        turns, tokens: how much of the conversation a context may hold; one of the two, or both.
        keep: last moves that the new context begins with.
        summary: the agent that summarises what is left out; only its length is told when there is none.
    """

    turns: PositiveInt | None = None
    tokens: PositiveInt | None = None
    keep: PositiveInt = 1
    summary: PlayerSpec | None = None

    @model_validator(mode="after")
    def _bounded(self) -> MemorySpec:
        if self.turns is None and self.tokens is None:
            raise ValueError("memory: say how much a context may hold, in turns or in tokens")
        if self.turns is not None and self.keep > self.turns:
            raise ValueError(f"memory: keep ({self.keep}) cannot exceed turns ({self.turns})")
        if self.summary is not None:
            _ = self.summary.player  # made here, so that its mistakes are named here
        return self

    def around(self, player: Player) -> Player:
        """Return the player with this memory."""
        summarise = summary_by(self.summary.player) if self.summary else count
        return MemoryPlayer(player, turns=self.turns, tokens=self.tokens, keep=self.keep, summarise=summarise)
