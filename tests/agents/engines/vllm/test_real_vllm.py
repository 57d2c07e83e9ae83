"""Does a real vLLM sample with the policy's weights, also after they changed, and after it was killed?"""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor

from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.errors import UserError
from tests.agents.engines.vllm.interpreter import python_with_vllm

pytestmark = pytest.mark.vllm

EXACT = 5e-6
"""Nats. Float32 has 24 bits: log-probs of 5 are multiples of 5e-7, and each side has made a few roundings."""
TRIES = 5
"""How often something may come too late to find replies under way, on a machine that does much else."""
LONG = [random.Random(0).randrange(6, 262) for _ in range(150)]
PROMPTS = [[40 + at, 41, 42] for at in range(6)] + [LONG, LONG]


def policy_of(width: int, layers: int, seed: int = 0) -> Policy:
    tokenizer = byte_tokenizer()
    model = tiny_model(tokenizer, seed=seed, family="qwen3", width=width, layers=layers, context=256)
    return Policy(model, tokenizer)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of(128, 4)


@pytest.fixture(scope="module")
def engine(policy: Policy) -> Iterator[VLLMEngine]:
    engine = VLLMEngine(policy, VLLMOptions(python=python_with_vllm(), memory=0.25, start_timeout=900), follow=False)
    yield engine
    engine.close()


def learn(policy: Policy, size: float = 0.02) -> None:
    """Change every weight, as an optimiser would, only more."""
    with torch.no_grad():
        for weight in policy.model.parameters():
            weight.add_(size * torch.randn(weight.shape, generator=torch.Generator().manual_seed(policy.version)))
    policy.version += 1


async def all_replies(engine: VLLMEngine, **settings: Any) -> list[Sample]:
    sampling = Sampling(**{"max_tokens": 48, **settings})
    asked = (engine.generate(ids, seed=2**63 + at, sampling=sampling) for at, ids in enumerate(PROMPTS))
    return await asyncio.gather(*asked)


def replies(engine: VLLMEngine, **settings: Any) -> list[Sample]:
    return asyncio.run(all_replies(engine, **settings))


def scored(policy: Policy, prompt: list[int], sample: Sample, temperature: float = 1.0) -> Tensor:
    ids = torch.tensor([*prompt, *sample.ids])
    position = torch.arange(len(prompt), len(ids))
    with torch.no_grad():
        return policy.score([ids], torch.zeros_like(position), position, temperature=temperature).logprobs


def gap(policy: Policy, samples: list[Sample], temperature: float = 1.0, prompts: list[list[int]] = PROMPTS) -> float:
    """The largest difference between recorded log-probs and the policy's, of the tokens since the last switch."""
    gaps = []
    for prompt, sample in zip(prompts, samples, strict=True):
        since = sample.switches[-1][0] if sample.switches else 0
        gaps.append((scored(policy, prompt, sample, temperature) - torch.tensor(sample.logprobs))[since:].abs().max())
    return float(torch.stack(gaps).max())


def tokens(samples: list[Sample]) -> list[list[int]]:
    return [sample.ids for sample in samples]


async def under_way(engine: VLLMEngine) -> None:
    """Return when what is asked of an engine is being sampled: a short reply, asked for last, is there."""
    await engine.generate(PROMPTS[0], seed=0, sampling=Sampling(max_tokens=4))


def test_the_logprobs_of_replies_are_the_policys(engine: VLLMEngine, policy: Policy) -> None:
    assert gap(policy, replies(engine)) < EXACT


def test_the_logprobs_are_those_under_the_temperature(engine: VLLMEngine, policy: Policy) -> None:
    assert gap(policy, replies(engine, temperature=0.7), temperature=0.7) < EXACT


def test_temperature_zero_takes_the_likeliest_tokens_without_a_temperature_in_their_logprobs(
    engine: VLLMEngine, policy: Policy
) -> None:
    first, again = replies(engine, temperature=0.0), replies(engine, temperature=0.0)
    assert tokens(first) == tokens(again)
    assert gap(policy, first) < EXACT


def test_the_same_seeds_get_the_same_tokens_and_others_get_others(engine: VLLMEngine) -> None:
    first, again = tokens(replies(engine)), tokens(replies(engine))
    assert first == again
    assert first[-1] != first[-2]


def test_a_reply_ends_with_an_end_token_or_at_its_length(
    engine: VLLMEngine, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = frozenset(range(6, 70))  # a quarter of the tokens
    monkeypatch.setattr(policy.chat, "end_ids", ends)
    samples = replies(engine, max_tokens=4)
    assert {sample.finish for sample in samples} == {"stop", "length"}
    for sample in samples:
        assert not ends.intersection(sample.ids[:-1])
        assert sample.ids[-1] in ends if sample.finish == "stop" else len(sample.ids) == 4


def test_a_reply_ends_with_the_token_that_completes_a_stop_text(engine: VLLMEngine, policy: Policy) -> None:
    whole = replies(engine)[0]
    stop = next(letter for letter in policy.chat.text(whole.ids) if letter.isascii() and letter.isalnum())
    cut = replies(engine, stop=(stop,))[0]
    assert (cut.finish, cut.ids) == ("stop", whole.ids[: len(cut.ids)])
    assert policy.chat.text(cut.ids).index(stop) == len(policy.chat.text(cut.ids)) - 1


def test_ten_syncs_in_a_row_leave_it_with_the_policys_weights(engine: VLLMEngine, policy: Policy) -> None:
    async def learn_and_sync() -> None:
        for _ in range(10):
            learn(policy)
            await engine.take_up()

    asyncio.run(learn_and_sync())
    samples = replies(engine)
    assert {sample.version for sample in samples} == {policy.version}
    assert gap(policy, samples) < EXACT


def test_prompts_cached_before_a_sync_are_not_continued_from(engine: VLLMEngine, policy: Policy) -> None:
    replies(engine)  # LONG fills more than a block of the prefix cache
    learn(policy, 0.1)
    asyncio.run(engine.take_up())
    assert gap(policy, replies(engine)) < EXACT


def test_replies_under_way_go_on_with_new_weights_as_if_they_had_always_been_there(
    engine: VLLMEngine, policy: Policy
) -> None:
    async def in_the_middle() -> list[Sample]:
        asked = asyncio.create_task(all_replies(engine, max_tokens=100))
        await under_way(engine)
        policy.load_state_dict(policy_of(128, 4, seed=1).state_dict())
        policy.version += 1
        await engine.take_up(inside=True)
        return await asked

    replies(engine)
    for _ in range(TRIES):
        before = policy.version
        samples = asyncio.run(in_the_middle())
        switched = [(prompt, sample) for prompt, sample in zip(PROMPTS, samples, strict=True) if sample.switches]
        if switched:
            break
    assert {(sample.version, sample.switches[0][1]) for _, sample in switched} == {(before, before + 1)}
    assert gap(policy, [sample for _, sample in switched], prompts=[prompt for prompt, _ in switched]) < EXACT


def test_a_kill_in_the_middle_loses_no_reply_and_changes_none(engine: VLLMEngine, policy: Policy) -> None:
    async def kill_in_the_middle() -> list[Sample]:
        asked = asyncio.create_task(all_replies(engine, max_tokens=100))
        await under_way(engine)
        process = engine.host.replicas[0].process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        return await asked

    wanted = tokens(replies(engine, max_tokens=100))
    learnt = policy.version
    policy.version += 1  # what is being learnt meanwhile is not what the lost process had
    for _ in range(TRIES):
        before = engine.host.replicas[0].begun
        samples = asyncio.run(kill_in_the_middle())
        if engine.host.replicas[0].begun == before + 1:
            break
        policy.version = learnt
        replies(engine)
        policy.version += 1
    policy.version = learnt
    assert engine.host.replicas[0].begun == before + 1
    assert tokens(samples) == wanted
    assert {sample.version for sample in samples} == {learnt}


def test_a_larger_model_is_synced_too_and_its_stale_head_would_be_noticed() -> None:
    """Above 5 million parameters vLLM packs a copy of the head for a CPU, and does not know that it is tied."""
    policy = policy_of(384, 4)
    assert sum(weight.numel() for weight in policy.model.parameters()) > 5_000_000
    engine = VLLMEngine(policy, VLLMOptions(python=python_with_vllm(), memory=0.25, start_timeout=900), follow=False)
    try:
        asyncio.run(engine.take_up())
        learn(policy)
        asyncio.run(engine.take_up())
        assert gap(policy, replies(engine)) < 2 * EXACT
        learn(policy)
        engine.guest.memory.layout = [entry for entry in engine.guest.memory.layout if entry[0] != "lm_head.weight"]
        with pytest.raises(UserError, match="does not sample with these weights"):
            asyncio.run(engine.take_up())
    finally:
        engine.close()
