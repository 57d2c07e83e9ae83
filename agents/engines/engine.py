"""What must an engine do? Turn a context of token ids into a sampled reply, with the weights of one policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.errors import UserError


class ContextOverflow(UserError):
    """A context does not fit into the model with the reply that is asked for. Nothing is ever cut from it."""


class Engine(Protocol):
    """Anything that samples replies to token ids.

    An engine follows its policy: when no reply is under way and the policy's version has changed, it takes up the new
    weights before it samples. Where learning goes on beside it, `follow` is switched off, and it changes its weights
    only when it is told to (`take_up`). It may be switched on again while no reply is under way.
    """

    follow: bool

    async def generate(self, prompt: list[int], *, seed: int, sampling: Sampling) -> Sample:
        """Sample a reply to a whole context.

        Raises:
            UserError: the context is empty. ContextOverflow: it is too long with the reply.
        """
        ...

    async def take_up(self, *, inside: bool = False) -> None:
        """Take up the policy's weights as they are now; nothing may change them until this returns.

        Args:
            inside: at once, also for the replies under way, which go on with the new weights (`Sample.switches`);
                otherwise these end with the old weights first, while no other begins.
        """
        ...

    def close(self) -> None:
        """Give back what the engine holds. It samples no more."""
        ...


def check_fits(prompt: Sequence[int], sampling: Sampling, context: int) -> None:
    """Raise `UserError` where there is no prompt, `ContextOverflow` where it and the longest reply exceed `context`."""
    if not prompt:
        raise UserError("An empty prompt cannot be continued: the environment told the agent nothing.")
    if len(prompt) + sampling.max_tokens > context:
        raise ContextOverflow(
            f"A context of {len(prompt)} tokens and a reply of up to {sampling.max_tokens} exceed the model's "
            f"{context}: lower sampling.max_tokens or the environment's max_turns, bound what it remembers "
            "(memory: {turns: 4}), end such episodes there (train.overflow: end), or use a larger one."
        )
