"""How does a perfect player move? As the environment's reference solver says."""

from __future__ import annotations

from syllogym.agents import register
from syllogym.agents.player import Context, Request, reference_reply
from syllogym.envs import Reply


@register()
class Oracle:
    """Plays the reference solver."""

    context: Context = "conversation"

    async def act(self, request: Request) -> Reply:
        """Return the solver's reply."""
        return Reply(reference_reply(request))
