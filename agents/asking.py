"""How is a player asked something that is no move of an episode? As a judge or a summariser is."""

from __future__ import annotations

from syllogym.agents.episode import Episode
from syllogym.agents.player import Player, Request
from syllogym.envs import Prompt, Reply, TextEnv


class _Outside(TextEnv):
    """Stands where a request has its environment: free text, no tools, no solver."""

    name = "a question outside of the episode"


def question(text: str, seed: int) -> Request:
    """Return what a player is asked by whom it is asked one question in a context of its own."""
    return Request(_Outside(), "agent", Prompt(text), Episode(_Outside.name, 0), -1, seed)


async def ask(player: Player, text: str, seed: int) -> Reply:
    """Ask a player one question in a context of its own; return what it says."""
    return await player.act(question(text, seed))
