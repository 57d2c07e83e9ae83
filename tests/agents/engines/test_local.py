"""Does a reply depend on its prompt, its seed and the weights only, and does an error reach whoever waits?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import torch

from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.policy import Policy
from syllogym.errors import UserError
from tests.agents.models import policy_of

PROMPTS = [[7, 8, 9], [10], [11, 12, 13, 14, 15], [7, 8, 9]]


TWELVE = Sampling(max_tokens=12)


def replies(
    engine: LocalEngine, prompts: Sequence[list[int]] = PROMPTS, *, first: int = 0, sampling: Sampling = TWELVE
) -> list[Sample]:
    """Sample a reply to each prompt; seeds count from `first`."""

    async def all_at_once() -> list[Sample]:
        asked = (engine.generate(ids, seed=first + at, sampling=sampling) for at, ids in enumerate(prompts))
        return await asyncio.gather(*asked)

    return asyncio.run(all_at_once())


def unfused(policy: Policy) -> LocalEngine:
    engine = LocalEngine(policy)
    engine._decoder = None
    return engine


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_replies_are_the_same_however_many_are_sampled_at_once(rows: int) -> None:
    policy = policy_of()
    wanted = [sample.ids for sample in replies(LocalEngine(policy))]
    assert [sample.ids for sample in replies(LocalEngine(policy, rows=rows))] == wanted


def test_replies_are_the_same_in_whatever_order_they_are_asked_for() -> None:
    policy = policy_of()
    prompts = [PROMPTS[at % 4] for at in range(100)]
    wanted = replies(LocalEngine(policy), prompts)

    async def backwards() -> list[Sample]:
        engine = LocalEngine(policy, rows=9)
        asked = [engine.generate(prompts[at], seed=at, sampling=TWELVE) for at in reversed(range(100))]
        return await asyncio.gather(*asked)

    assert [sample.ids for sample in asyncio.run(backwards())] == [sample.ids for sample in reversed(wanted)]


def test_seeds_make_replies_differ() -> None:
    first, _, _, last = replies(LocalEngine(policy_of()))
    assert first.ids != last.ids


def test_the_same_seeds_give_the_same_replies_again() -> None:
    engine = LocalEngine(policy_of())
    assert replies(engine) == replies(engine)


def test_lockstep_samples_what_the_decoder_samples() -> None:
    policy = policy_of()
    fused, stepped = replies(LocalEngine(policy)), replies(unfused(policy))
    assert [sample.ids for sample in stepped] == [sample.ids for sample in fused]
    assert [sample.finish for sample in stepped] == [sample.finish for sample in fused]


@pytest.mark.parametrize("family", ["qwen3", "llama", "gpt2", "gemma2"])
def test_log_probs_are_those_the_policy_recomputes(family: str) -> None:
    policy = policy_of(family)
    for prompt, sample in zip(PROMPTS, replies(LocalEngine(policy)), strict=True):
        position = torch.arange(len(sample.ids)) + len(prompt)
        scores = policy.score([torch.tensor([*prompt, *sample.ids])], torch.zeros_like(position), position)
        torch.testing.assert_close(scores.logprobs.detach(), torch.tensor(sample.logprobs), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("make", [LocalEngine, unfused])
def test_a_reply_stops_at_an_end_token_or_its_length(make: Any) -> None:
    policy = policy_of()
    ends = policy.chat.end_ids
    sampled = replies(make(policy), PROMPTS * 40)
    assert {sample.finish for sample in sampled} == {"stop", "length"}
    for sample in sampled:
        assert not ends & set(sample.ids[:-1])
        assert (sample.ids[-1] in ends) == (sample.finish == "stop")
        assert sample.finish == "stop" or len(sample.ids) == 12


@pytest.mark.parametrize("make", [LocalEngine, unfused])
@pytest.mark.parametrize("stop", [("e",), ("zz", "T", "#")], ids=str)
def test_a_reply_ends_where_its_text_has_a_stop_text(make: Any, stop: tuple[str, ...]) -> None:
    policy = policy_of()
    text = policy.chat.text
    prompts = PROMPTS * 40
    whole = replies(make(policy), prompts)
    stopped = replies(make(policy), prompts, sampling=Sampling(max_tokens=12, stop=stop))
    ended = 0
    for free, sample in zip(whole, stopped, strict=True):
        lengths = [at for at in range(1, len(free.ids) + 1) if any(end in text(free.ids[:at]) for end in stop)]
        assert sample.ids == free.ids[: min(lengths, default=len(free.ids))]
        assert len(sample.logprobs) == len(sample.ids)
        assert not lengths or sample.finish == "stop"
        ended += bool(lengths)
    assert 0 < ended < len(prompts)


@pytest.mark.parametrize("make", [LocalEngine, unfused])
def test_a_reply_ends_at_a_stop_token_and_keeps_it(make: Any) -> None:
    policy = policy_of()
    whole = replies(make(policy), PROMPTS * 10)
    stops = tuple({sample.ids[3] for sample in whole if len(sample.ids) > 3})
    for free, sample in zip(
        whole, replies(make(policy), PROMPTS * 10, sampling=Sampling(max_tokens=12, stop_ids=stops)), strict=True
    ):
        first = next((at for at, token in enumerate(free.ids) if token in stops), len(free.ids) - 1)
        assert sample.ids == free.ids[: first + 1]
        assert (sample.finish == "stop") == (sample.ids[-1] in {*stops, *policy.chat.end_ids})


def test_a_stop_text_that_is_a_special_token_is_refused() -> None:
    engine = LocalEngine(policy_of())
    with pytest.raises(UserError, match=r"'<eos>' is a special token: write sampling.stop_ids: \[1\] instead"):
        replies(engine, sampling=Sampling(max_tokens=12, stop=("x<eos>",)))


def test_an_engine_that_cannot_drive_a_model_says_so(caplog: pytest.LogCaptureFixture) -> None:
    assert not LocalEngine(policy_of("gpt2")).fused
    assert caplog.messages == [
        "GPT2LMHeadModel is sampled by its own forward pass, all replies in step with the longest: the fast decoder "
        "drives Llama, Qwen 2 and 3, and Mistral without a sliding window."
    ]


def test_an_engine_that_drives_a_model_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert LocalEngine(policy_of()).fused
    assert not caplog.messages


@pytest.mark.parametrize("make", [LocalEngine, unfused])
def test_new_weights_are_taken_up_after_an_update(make: Any) -> None:
    policy, other = policy_of(), policy_of(seed=1)
    engine = make(policy)
    replies(engine)
    policy.load_state_dict(other.state_dict())
    policy.version += 1
    assert [sample.ids for sample in replies(engine)] == [sample.ids for sample in replies(make(other))]


@pytest.mark.parametrize(("prompt", "words"), [([], "empty prompt"), ([5] * 117, "117 tokens and a reply of up to 12")])
def test_a_prompt_that_cannot_be_continued_is_the_users_mistake(prompt: list[int], words: str) -> None:
    with pytest.raises(UserError, match=words):
        replies(LocalEngine(policy_of()), [prompt])


@pytest.mark.parametrize("where", ["prefill", "step"])
def test_an_error_reaches_every_waiter_and_the_engine_goes_on(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine(policy_of(), rows=2)
    wanted = replies(engine)

    async def outcomes() -> list[Any]:
        asked = [engine.generate(ids, seed=0, sampling=Sampling(max_tokens=12)) for ids in PROMPTS]
        return await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), timeout=10)

    def fail(*_: Any) -> None:
        raise MemoryError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(engine._decoder, where, fail)
        assert [str(outcome) for outcome in asyncio.run(outcomes())] == ["no room"] * len(PROMPTS)
    assert replies(engine) == wanted


def test_a_reply_nobody_waits_for_leaves_its_row() -> None:
    engine = LocalEngine(policy_of(), rows=1)

    async def cancel_the_first() -> Sample:
        sampling = Sampling(max_tokens=100)
        first = asyncio.create_task(engine.generate([5], seed=2**63, sampling=sampling))
        second = asyncio.create_task(engine.generate([7, 8, 9], seed=0, sampling=Sampling(max_tokens=12)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(cancel_the_first()).ids == replies(LocalEngine(policy_of()))[0].ids


async def swapped(policy: Policy, other: Policy, *, inside: bool) -> tuple[Sample, Sample]:
    """Sample a long reply; after a few tokens take other weights up and ask for another."""
    engine = LocalEngine(policy, follow=False)
    sampling = Sampling(max_tokens=60)
    first = asyncio.create_task(engine.generate([5], seed=2**63, sampling=sampling))
    for _ in range(6):
        await asyncio.sleep(0)
    policy.load_state_dict(other.state_dict())
    policy.version += 1
    taking = asyncio.create_task(engine.take_up(inside=inside))
    await asyncio.sleep(0)
    second = await engine.generate([7, 8, 9], seed=0, sampling=Sampling(max_tokens=12))
    await taking
    return await first, second


def test_weights_taken_up_between_replies_leave_the_replies_under_way_alone() -> None:
    alone = asyncio.run(LocalEngine(policy_of()).generate([5], seed=2**63, sampling=Sampling(max_tokens=60)))
    first, second = asyncio.run(swapped(policy_of(), policy_of(seed=1), inside=False))
    assert first == alone and first.switches == ()
    assert second.ids == replies(LocalEngine(policy_of(seed=1)))[0].ids
    assert second.version == 1


def test_weights_taken_up_inside_a_reply_change_it_from_there_on() -> None:
    alone = asyncio.run(LocalEngine(policy_of()).generate([5], seed=2**63, sampling=Sampling(max_tokens=60)))
    first, second = asyncio.run(swapped(policy_of(), policy_of(seed=1), inside=True))
    ((place, version),) = first.switches
    assert (first.version, version, second.version) == (0, 1, 1)
    assert 0 < place < len(first.ids)
    assert first.ids[:place] == alone.ids[:place] and first.ids != alone.ids


def test_an_engine_that_does_not_follow_keeps_its_weights_until_it_is_told() -> None:
    policy, other = policy_of(), policy_of(seed=1)
    engine = LocalEngine(policy, follow=False)
    before = replies(engine)
    policy.load_state_dict(other.state_dict())
    policy.version += 1
    assert replies(engine) == before


@pytest.mark.parametrize("family", ["qwen3", "gpt2"], ids=["decoder", "lockstep"])
def test_an_engine_that_follows_again_samples_by_the_policys_weights(family: str) -> None:
    policy, other = policy_of(family), policy_of(family, seed=1)
    engine = LocalEngine(policy, follow=False)
    asyncio.run(engine.take_up())
    replies(engine)
    policy.load_state_dict(other.state_dict())
    policy.version += 1
    engine.follow = True
    followed = replies(engine)
    assert [sample.ids for sample in followed] == [sample.ids for sample in replies(LocalEngine(other))]
    assert {sample.version for sample in followed} == {1}
