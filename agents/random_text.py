"""How does a player move that knows nothing? It says a number or a word drawn at random."""

from __future__ import annotations

from syllogym.agents import register
from syllogym.agents.player import Context, Request
from syllogym.envs import Reply
from syllogym.envs.chance import Dice, mix


@register()
class RandomText:
    """Replies with one of the words and numbers of its prompt, or a small number."""

    context: Context = "conversation"

    async def act(self, request: Request) -> Reply:
        """Draw a reply."""
        dice = Dice()
        dice.restart(mix(request.seed), 0)
        words = request.prompt.split() or ["0"]
        return Reply(dice.choice([*words, str(dice.randint(0, 99))]))
