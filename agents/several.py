"""How does a player move that lets another reply several times and chooses among the replies?

It serves evaluation: what it says was not drawn from the policy, so a policy cannot learn from it as from its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from syllogym.agents import make
from syllogym.agents.player import Context, Player, Request
from syllogym.envs import Reply
from syllogym.envs.chance import key_of
from syllogym.errors import UserError


@dataclass(kw_only=True)
class Several:
    """Chooses among `n` replies of the player `of`.

    Attributes:
        of: a player, or its name, or its name and options; None for the trained policy in whose place it is evaluated.
        n: replies to each move, every one with a seed of its own.
    """

    name: ClassVar[str]
    of: Any = None
    n: int = 8

    def __post_init__(self) -> None:
        if self.n < 1:
            raise UserError(f"{self.name}: n is at least 1; not {self.n}.")

    @cached_property
    def player(self) -> Player:
        """The player that replies."""
        if self.of is None:
            raise UserError(f"{self.name}: whose replies? Say so, as in {{name: {self.name}, of: {{name: ...}}}}.")
        player: Player = make(self.of)
        return player

    @property
    def context(self) -> Context:
        """What the replying player is shown."""
        return self.player.context

    @property
    def ledger(self) -> Any:
        """What the replying player used, where it keeps an account."""
        return getattr(self.player, "ledger", None)

    async def act(self, request: Request) -> Reply:
        """Let the player reply `n` times, and say the chosen reply."""
        asked = [replace(request, seed=key_of(f"{request.seed}/{number}")) for number in range(self.n)]
        replies = await asyncio.gather(*(self.player.act(one) for one in asked))
        at = await self.choose(request, replies)
        request.parent, request.recalled = asked[at].parent, asked[at].recalled
        return replies[at]

    async def choose(self, request: Request, replies: Sequence[Reply]) -> int:
        """Return the place of the reply to say; of equally good ones the first."""
        raise NotImplementedError


def best(values: Sequence[float]) -> int:
    """Return the place of the highest value, the first of several."""
    return max(range(len(values)), key=lambda at: values[at])
