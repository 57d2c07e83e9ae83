"""What does an environment hear of a sampled reply?"""

from __future__ import annotations

import asyncio

import pytest

from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import PolicyPlayer, Request
from syllogym.envs import Prompt, Reply
from tests.agents.templates import CHAT

BYTES = CHAT["ours"]


class Says:
    """An engine that has its reply ready."""

    follow = True

    def __init__(self, text: str) -> None:
        self.ids = BYTES.encode(text)

    async def generate(self, prompt: list[int], *, seed: int, sampling: Sampling) -> Sample:
        return Sample(self.ids, [-1.0] * len(self.ids), "stop")

    async def take_up(self, *, inside: bool = False) -> None:
        raise AssertionError("no weights here")

    def close(self) -> None: ...


def heard(text: str, *stop: str, prefill: str = "") -> Reply:
    player = PolicyPlayer(Says(text), BYTES, Sampling(stop=stop), prefill=BYTES.encode(prefill))
    request = Request(None, "agent", Prompt("2 + 2?"), Episode("test", 0), -1, 0)
    return asyncio.run(player.act(request))


@pytest.mark.parametrize(
    ("text", "stop", "wanted"),
    [
        ("4</answer>", ("</answer>",), "4"),
        ("4", ("</answer>",), "4"),
        ("4;", ("</answer>", ";"), "4"),
        ("ab", ("b", "ab"), ""),
        ("4</answer>", (), "4</answer>"),
    ],
)
def test_a_reply_is_heard_up_to_its_stop_text(text: str, stop: tuple[str, ...], wanted: str) -> None:
    reply = heard(text, *stop)
    assert str(reply) == wanted
    assert reply.token_ids == BYTES.encode(text)
    assert len(reply.logprobs or ()) == len(text)


def test_a_stop_text_in_the_prefill_is_none() -> None:
    assert heard("4#", "#", prefill="# ") == "# 4"
