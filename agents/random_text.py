"""How does a player move that knows nothing? It says any of the replies on offer, or a number or word of its prompt."""

from __future__ import annotations

from syllogym.agents import register
from syllogym.agents.player import Context, Request
from syllogym.envs import Reply
from syllogym.envs.chance import Dice, mix


@register()
class RandomText:
    """Says one of the replies the environment lists; else one of its prompt's words and numbers, or a small number."""

    context: Context = "conversation"

    async def act(self, request: Request) -> Reply:
        """Draw a reply."""
        dice = Dice()
        dice.restart(mix(request.seed), 0)
        choices = request.env.offered(request.agent)
        if choices is not None:
            return Reply(dice.choice(choices))
        words = request.prompt.split() or ["0"]
        return Reply(dice.choice([*words, str(dice.randint(0, 99))]))
