"""How does a model move that lies in a folder and does not learn? It is loaded once, and samples in this process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from syllogym.agents import register
from syllogym.agents.player import Context, PolicyPlayer, Request
from syllogym.envs import Reply
from syllogym.errors import UserError


@register()
@dataclass(kw_only=True)
class LocalModel:
    """A frozen player: a model as `train` saves it, or any of Hugging Face's.

    Attributes:
        model: a folder or a hub's name. max_tokens: of a reply. temperature: 0 says what is likeliest.
        context: ``conversation``, or ``markov``, where every turn is a prompt of its own.
    """

    model: str
    max_tokens: int = 256
    temperature: float = 0.0
    context: Context = "conversation"

    def __post_init__(self) -> None:
        if self.max_tokens < 1 or self.temperature < 0:
            raise UserError("local_model: max_tokens is at least 1, and temperature 0 or more.")

    async def act(self, request: Request) -> Reply:
        """Sample the move."""
        return await self._player.act(request)

    @cached_property
    def _player(self) -> PolicyPlayer:
        from syllogym.agents.engines.local import LocalEngine
        from syllogym.agents.engines.sampling import Sampling
        from syllogym.agents.policy import Policy

        policy = Policy.load(self.model).requires_grad_(False).eval()
        sampling = Sampling(max_tokens=self.max_tokens, temperature=self.temperature)
        return PolicyPlayer(LocalEngine(policy), policy.chat, sampling, self.context)
