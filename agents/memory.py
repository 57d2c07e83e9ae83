"""What does a player still know of a long conversation? The task, its last moves, and a summary of those between.

When a conversation has grown beyond its bound, the next move begins a new context. It opens with the agent's first
prompt, the summary and the last moves, and grows from there as any other. Nothing is left out silently: the summary
says so to the player, and the step records the messages it was given (`Step.recalled`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from syllogym.agents.asking import ask
from syllogym.agents.episode import Step
from syllogym.agents.player import Player, Request, told_since
from syllogym.envs import Message, Reply

Summarise: TypeAlias = Callable[[Sequence[Message], int], Awaitable[str]]
"""Writes the summary, given all that was told and said in the moves left out, and a seed for its chance."""


async def count(left_out: Sequence[Message], seed: int) -> str:
    """Say how many turns are left out, and nothing of what was in them."""
    return f"({_replies(left_out)} earlier turns are left out here.)"


def summary_by(player: Player) -> Summarise:
    """Return a hook that asks a player for the summary."""

    async def summarise(left_out: Sequence[Message], seed: int) -> str:
        told = "\n".join(f"{message['role']}: {message['content']}" for message in left_out)
        said = await ask(player, f"Summarise this conversation for whoever has to go on with it.\n\n{told}", seed)
        return f"({_replies(left_out)} earlier turns are left out here. In short: {said})"

    return summarise


class MemoryPlayer:
    """Forgets what a player would otherwise still be shown.

    Args:
        player: a policy, or any other that reads the conversation.
        turns: earlier moves that a context may show; None for no bound.
        tokens: of the context so far, above which a new one is begun; None for no bound. Only policies count them.
        keep: last moves that a new context shows word for word, at least 1.
        summarise: writes the summary of the others.
    """

    def __init__(
        self,
        player: Player,
        *,
        turns: int | None = None,
        tokens: int | None = None,
        keep: int = 1,
        summarise: Summarise = count,
    ) -> None:
        self.player = player
        self.context = player.context
        self.turns = turns
        self.tokens = tokens
        self.keep = keep
        self.summarise = summarise

    async def act(self, request: Request) -> Reply:
        """Begin a new context if the old one is full, and let the player move."""
        moves = request.moves()
        if len(moves) > self.keep and self._full(request, moves):
            request.recalled = await self._recall(moves, request.seed)
            request.parent = -1
        return await self.player.act(request)

    def _full(self, request: Request, moves: Sequence[Step]) -> bool:
        if self.turns is not None and _replies(told_since(moves)) > self.turns:
            return True
        return self.tokens is not None and len(request.episode.context(request.parent)) > self.tokens

    async def _recall(self, moves: Sequence[Step], seed: int) -> list[Message]:
        """Return the opening of a new context; its first part is one message, since many templates want turns taken."""
        left_out, kept = moves[: -self.keep], moves[-self.keep :]
        task = moves[0].prompt
        summary = await self.summarise([message for step in left_out for message in step.told()], seed)
        told = [message["content"] for message in task if message["role"] != "system"]
        heard = [message["content"] for message in kept[0].prompt]
        return [
            *(message for message in task if message["role"] == "system"),
            {"role": "user", "content": "\n\n".join(map(str, [*told, summary, *heard]))},
            *kept[0].told()[len(heard) :],
            *(message for step in kept[1:] for message in step.told()),
        ]


def _replies(messages: Sequence[Message]) -> int:
    return sum(message["role"] == "assistant" for message in messages)
