"""What is known of a reply that is being sampled, and when does it end?"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

from syllogym.agents.chat import ChatFormat
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.errors import UserError


@dataclass(slots=True, eq=False)
class Pending:
    """A reply that is waited for.

    Attributes:
        prompt: ids of the whole context. seed: of its chance. sampling: its settings.
        ends: tokens that end it.
        chat: knows the texts of tokens.
        reply: who waits for it.
        ids, logprobs: as far as it is sampled.
        finish: ``stop`` (at an end token, or a text or token of the sampling) or ``length``; empty while it goes on.
        version, switches: see `Sample`.
    """

    prompt: list[int]
    seed: int
    sampling: Sampling
    ends: Collection[int]
    chat: ChatFormat
    reply: asyncio.Future[Sample]
    ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    finish: str = ""
    version: int = 0
    switches: list[tuple[int, int]] = field(default_factory=list)

    def add(self, token: int, logprob: float) -> None:
        """Take note of a token, and hand the reply over when it is the last one."""
        self.ids.append(token)
        self.logprobs.append(logprob)
        if token in self.ends or (self.sampling.stop and self._stopped()):
            self.finish = "stop"
        elif len(self.ids) >= self.sampling.max_tokens:
            self.finish = "length"
        if self.finish and not self.reply.done():
            self.reply.set_result(Sample(self.ids, self.logprobs, self.finish, self.version, tuple(self.switches)))

    def _stopped(self) -> bool:
        # A token that is heard has at least a byte; the rest is for a character that the tail cuts in pieces.
        longest = max(len(text.encode()) for text in self.sampling.stop) + 4
        tail = self.chat.text(self.ids[-longest:])
        return any(text in tail for text in self.sampling.stop)


def check_stops(sampling: Sampling, chat: ChatFormat) -> None:
    """Raise `UserError` for a text that no reply has, as special tokens are left out of texts."""
    specials = dict(zip(chat.tokenizer.all_special_tokens, chat.tokenizer.all_special_ids, strict=True))
    for text in sampling.stop:
        for special, number in specials.items():
            if special in text:
                raise UserError(
                    f"sampling.stop: {text!r} is never heard, since {special!r} is a special token: "
                    f"write sampling.stop_ids: [{number}] instead."
                )
