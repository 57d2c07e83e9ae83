"""Does a reply end with the token that completes a stop text, and with no other?"""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.engines.pending import Pending
from syllogym.agents.engines.sampling import Sample, Sampling
from tests.agents.templates import CHAT

CHAT_OF_BYTES = CHAT["ours"]


def sampled(text: str, stop: tuple[str, ...], max_tokens: int = 1000) -> Sample | None:
    """Say a text byte by byte; return the reply once it has ended."""

    async def say() -> Sample | None:
        ends = CHAT_OF_BYTES.end_ids
        future = asyncio.get_running_loop().create_future()
        pending = Pending([5], 0, Sampling(max_tokens, stop=stop), ends, CHAT_OF_BYTES, future)
        for token in CHAT_OF_BYTES.encode(text):
            pending.add(token, -1.0)
            if pending.finish:
                return await future
        return None

    return asyncio.run(say())


@pytest.mark.parametrize("stop", ["</answer>", "é", "答案", "\n\n", "😀", "x"])
def test_a_stop_text_is_noticed_with_its_last_byte(stop: str) -> None:
    said = "<answer>4 ça" + stop
    sample = sampled(said + " and more", (stop,))
    assert sample is not None and sample.finish == "stop"
    assert sample.ids == CHAT_OF_BYTES.encode(said)


@given(st.text("ab", max_size=30), st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=3))
def test_the_stop_text_that_is_complete_first_ends_the_reply(text: str, stops: list[str]) -> None:
    ends = [at for at in range(1, len(text) + 1) if any(stop in text[:at] for stop in stops)]
    sample = sampled(text, tuple(stops))
    assert (sample.ids if sample else None) == (CHAT_OF_BYTES.encode(text[: ends[0]]) if ends else None)


def test_a_stop_text_that_the_last_token_completes_is_no_cut_off() -> None:
    sample = sampled("abc", ("c",), max_tokens=3)
    assert sample is not None and sample.finish == "stop"
