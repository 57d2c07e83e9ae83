"""How is a player asked something that is no move of an episode? As a judge or a summariser is."""

from __future__ import annotations

from syllogym.agents.episode import Episode
from syllogym.agents.player import Player, Request
from syllogym.envs import Prompt, TextEnv


class _Outside(TextEnv):
    """Stands where a request has its environment: free text, no tools, no solver."""

    name = "a question outside of the episode"


async def ask(player: Player, question: str, seed: int) -> str:
    """Ask a player one question in a context of its own; return what it says."""
    request = Request(_Outside(), "agent", Prompt(question), Episode(_Outside.name, 0), -1, seed)
    return await player.act(request)
