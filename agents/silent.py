"""What does a player do that contributes nothing? It says nothing."""

from __future__ import annotations

from syllogym.agents import register
from syllogym.agents.player import Context, Request
from syllogym.envs import Reply


@register()
class Silent:
    """Replies with an empty text."""

    context: Context = "conversation"

    async def act(self, request: Request) -> Reply:
        """Say nothing."""
        return Reply("")
