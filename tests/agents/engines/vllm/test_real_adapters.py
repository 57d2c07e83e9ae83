"""Does a real vLLM sample by several adapters over one base, each as its policy is now, from one set of processes?"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import closing

import pytest
import torch

from syllogym.agents.engines.sampling import Sample
from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.agents.engines.vllm.host import Hosts
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.lora import Lora, add_adapter
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer
from syllogym.agents.weights import twin
from tests.agents.engines.vllm.interpreter import python_with_vllm
from tests.agents.engines.vllm.test_real_vllm import (
    EXACT,
    PROMPTS,
    TRIES,
    all_replies,
    gap,
    policy_of,
    replies,
    tokens,
    under_way,
)

pytestmark = pytest.mark.vllm


def options(**settings: int) -> VLLMOptions:
    return VLLMOptions(python=python_with_vllm(), memory=0.25, start_timeout=900, **settings)


def learn(policy: Policy, size: float = 0.1) -> None:
    """Change every weight of the adapter."""
    with torch.no_grad():
        for number, weight in enumerate(policy.learnt().values()):
            seed = 1000 * policy.version + number
            weight.add_(size * torch.randn(weight.shape, generator=torch.Generator().manual_seed(seed)))
    policy.version += 1


def adapters(*shapes: Lora) -> list[Policy]:
    """Policies with adapters of some shapes over one base."""
    base = policy_of(128, 2).model.requires_grad_(False)
    policies = []
    for seed, shape in enumerate(shapes):
        model = twin(base)
        add_adapter(model, shape, seed=seed)
        policies.append(Policy(model, byte_tokenizer()))
    return policies


@pytest.fixture(scope="module")
def team() -> Iterator[list[VLLMEngine]]:
    """Engines of three policies that share a base; two of them have room in one batch."""
    shapes = (Lora(rank=4), Lora(rank=12, targets=["q_proj", "down_proj"]), Lora(rank=1, targets=["k_proj"]))
    policies, hosts = adapters(*shapes), Hosts(options(adapters=2))
    for number, policy in enumerate(policies):
        policy.version = 10 * number
        learn(policy)
    engines = [VLLMEngine(policy, host=hosts.of(policy), follow=False) for policy in policies]
    yield engines
    for engine in engines:
        engine.close()


def by_all(team: list[VLLMEngine], **settings: int) -> list[list[Sample]]:
    """Replies of each, asked of all at once."""

    async def together() -> list[list[Sample]]:
        return await asyncio.gather(*(all_replies(engine, **settings) for engine in team))

    return asyncio.run(together())


def test_each_reply_is_sampled_by_its_own_adapter_in_one_process(team: list[VLLMEngine]) -> None:
    samples = by_all(team)
    assert len({engine.host for engine in team}) == 1
    assert team[0].host.replicas[0].begun == 1
    for engine, own in zip(team, samples, strict=True):
        assert gap(engine.policy, own) < EXACT
        assert {sample.version for sample in own} == {engine.policy.version}
    assert len({str(tokens(own)) for own in samples}) == 3


def test_ten_syncs_of_one_adapter_leave_it_exact_and_the_others_as_they_were(team: list[VLLMEngine]) -> None:
    async def learn_and_sync() -> None:
        for _ in range(10):
            learn(team[0].policy, 0.03)
            await team[0].take_up()

    before = by_all(team)
    asyncio.run(learn_and_sync())
    assert team[0].gap < EXACT
    after = by_all(team)
    assert gap(team[0].policy, after[0]) < EXACT
    assert tokens(after[0]) != tokens(before[0])
    assert [tokens(own) for own in after[1:]] == [tokens(own) for own in before[1:]]


def test_a_sync_sends_the_adapter_and_not_the_base(team: list[VLLMEngine]) -> None:
    sent = [sum(weight.numel() for weight in engine.guest.memory._tensors.values()) for engine in team]
    assert sent == [sum(weight.numel() for weight in engine.policy.learnt().values()) for engine in team]


def test_a_newcomer_in_the_place_of_one_that_left_finds_nothing_of_its_cache(team: list[VLLMEngine]) -> None:
    host = team[0].host
    for size in (0.1, 0.3):  # the second has the number and the version that the first had
        past = team[2].policy.frozen()
        with torch.no_grad():
            for name, weight in past.model.named_parameters():
                if "lora_" in name:
                    weight.add_(size)
        with closing(VLLMEngine(past, host=host)) as engine:
            assert engine.guest.number == 4
            assert gap(past, replies(engine)) < EXACT
    assert host.replicas[0].begun == 1


def test_replies_under_way_go_on_with_a_new_adapter_as_if_it_had_always_been_there(team: list[VLLMEngine]) -> None:
    async def in_the_middle() -> tuple[list[Sample], list[Sample]]:
        asked, others = (asyncio.create_task(all_replies(engine, max_tokens=100)) for engine in team[:2])
        await under_way(team[0])
        learn(team[0].policy)
        await team[0].take_up(inside=True)
        return await asked, await others

    by_all(team)
    for _ in range(TRIES):
        before = team[0].policy.version
        own, others = asyncio.run(in_the_middle())
        switched = [(prompt, sample) for prompt, sample in zip(PROMPTS, own, strict=True) if sample.switches]
        if switched:
            break
    assert {(sample.version, sample.switches[0][1]) for _, sample in switched} == {(before, before + 1)}
    assert gap(team[0].policy, [sample for _, sample in switched], prompts=[prompt for prompt, _ in switched]) < EXACT
    assert {sample.version for sample in others} == {team[1].policy.version}
    assert not any(sample.switches for sample in others)
    assert gap(team[1].policy, others) < EXACT


def test_a_kill_in_the_middle_loses_no_reply_of_any_adapter(team: list[VLLMEngine]) -> None:
    async def kill_in_the_middle() -> list[list[Sample]]:
        asked = [asyncio.create_task(all_replies(engine, max_tokens=100)) for engine in team]
        await under_way(team[2])
        process = team[0].host.replicas[0].process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        return await asyncio.gather(*asked)

    wanted = [tokens(own) for own in by_all(team, max_tokens=100)]
    for _ in range(TRIES):
        begun = team[0].host.replicas[0].begun
        samples = asyncio.run(kill_in_the_middle())
        if team[0].host.replicas[0].begun == begun + 1:
            break
        by_all(team)
    assert team[0].host.replicas[0].begun == begun + 1
    assert [tokens(own) for own in samples] == wanted
    assert all(gap(engine.policy, own) < EXACT for engine, own in zip(team, samples, strict=True))


def test_an_adapter_is_sent_merged_where_none_are_kept_apart() -> None:
    (policy,) = adapters(Lora(rank=4))
    with closing(VLLMEngine(policy, options(adapters=0))) as engine:
        before = replies(engine)
        learn(policy)
        after = replies(engine)
        assert engine.guest.number == 0
    assert tokens(before) != tokens(after)
    assert gap(policy, after) < EXACT
