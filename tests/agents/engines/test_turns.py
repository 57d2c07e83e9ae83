"""Is a conversation's earlier part computed once, and are the log-probs those of computing all of it?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
import torch

from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.policy import Policy
from tests.agents.models import policy_of

REPLY = Sampling(max_tokens=6)


def count(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note the number of tokens of each context that the engine's decoder has to take in."""
    decoder: Any = engine._decoder
    taken: list[int] = []
    take_in = decoder._take_in

    def counted(new: Sequence[Sequence[int]], *rest: Any) -> Any:
        taken.extend(map(len, new))
        return take_in(new, *rest)

    monkeypatch.setattr(decoder, "_take_in", counted)
    return taken


def close(policy: Policy, context: list[int], sample: Sample) -> None:
    position = torch.arange(len(sample.ids)) + len(context)
    with torch.no_grad():
        scores = policy.score([torch.tensor([*context, *sample.ids])], torch.zeros_like(position), position)
    torch.testing.assert_close(scores.logprobs, torch.tensor(sample.logprobs), rtol=1e-5, atol=1e-5)


async def episode(engine: LocalEngine, number: int, opening: list[int]) -> list[tuple[list[int], Sample]]:
    """Play up to 4 turns of all lengths, now and then going back to an earlier turn, or telling all anew."""
    dice = random.Random(number)
    moves, context = [], list(opening)
    for turn in range(dice.randint(1, 4)):
        sampling = Sampling(max_tokens=dice.randint(1, 8))
        for _ in range(dice.randint(0, 5)):
            await asyncio.sleep(0)
        sample = await engine.generate(context, seed=1000 * number + turn, sampling=sampling)
        moves.append((list(context), sample))
        before = dice.choice(moves)[0] if dice.random() < 0.2 else [*context, *sample.ids]
        context = before + [dice.randint(3, 200) for _ in range(dice.randint(1, 12))]
        if dice.random() < 0.1:
            context = context[dice.randint(1, 3) :]
    return moves


def play(engine: LocalEngine, first: int) -> list[list[tuple[list[int], Sample]]]:
    """Play 12 episodes, in groups that are told the same; all of them begin with the same preamble."""

    async def all_of_them() -> Any:
        openings = [[5] * 40 + [6 + at // 4] * (1 + at // 4) for at in range(12)]
        return await asyncio.gather(*(episode(engine, first + at, ids) for at, ids in enumerate(openings)))

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("rows", [1, 5, 100])
@pytest.mark.parametrize("kept", [1e-5, 1.0], ids=["little room", "room"])
def test_log_probs_of_every_turn_are_those_the_policy_recomputes(rows: int, kept: float) -> None:
    policy = policy_of()
    for first in range(0, 60, 20):
        for moves in play(LocalEngine(policy, rows=rows, kept=kept), first):
            for context, sample in moves:
                close(policy, context, sample)


def test_episodes_are_the_same_whatever_is_kept_and_however_many_rows_there_are() -> None:
    policy = policy_of()

    def ids(first: int, **options: Any) -> list[list[list[int]]]:
        return [[sample.ids for _, sample in moves] for moves in play(LocalEngine(policy, **options), first)]

    for first in range(0, 100, 20):
        wanted = ids(first, rows=1, kept=0)
        assert ids(first) == ids(first, rows=3) == ids(first, rows=7, kept=1e-5) == wanted


def test_a_turn_takes_in_only_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine(policy_of())
    taken = count(engine, monkeypatch)

    async def turns() -> None:
        context = list(range(3, 23))
        for turn in range(3):
            sample = await engine.generate(context, seed=turn, sampling=REPLY)
            context += [*sample.ids, 30, 31, 32]

    asyncio.run(turns())
    assert taken == [20, 4, 4]  # the last token of a reply was not yet taken in


def test_a_turn_goes_on_in_the_row_of_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine(policy_of())
    decoder: Any = engine._decoder
    copied: list[int] = []
    monkeypatch.setattr(decoder, "put", lambda row, kv: copied.append(row))

    async def turns(number: int) -> None:
        context = [number + 3] * 20
        for turn in range(3):
            sample = await engine.generate(context, seed=10 * number + turn, sampling=Sampling(max_tokens=1))
            context = [*context, *sample.ids, 30 + number, 31]

    async def together() -> None:
        await asyncio.gather(*map(turns, range(5)))

    asyncio.run(together())
    assert copied == []


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_several_may_go_on_from_one_context(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = policy_of()
    engine = LocalEngine(policy, rows=rows)
    taken = count(engine, monkeypatch)

    async def branches() -> None:
        root = list(range(3, 43))
        root += (await engine.generate(root, seed=0, sampling=REPLY)).ids

        async def branch(number: int) -> None:
            for _ in range(number):
                await asyncio.sleep(0)  # so that some begin while others go on from there
            context = [*root, 50 + number, 51]
            close(policy, context, await engine.generate(context, seed=number, sampling=REPLY))

        await asyncio.gather(*map(branch, range(6)))

    asyncio.run(branches())
    assert taken[0] == 40
    assert len(taken) == 7 and max(taken[1:]) <= 3


def test_what_a_group_and_its_neighbours_are_told_alike_is_taken_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine(policy_of())
    taken = count(engine, monkeypatch)
    contexts = [[5] * 50 + [10 + at // 4, 11, 12] for at in range(12)]

    async def ask() -> None:
        await asyncio.gather(*(engine.generate(ids, seed=at, sampling=REPLY) for at, ids in enumerate(contexts)))

    asyncio.run(ask())
    assert sorted(taken) == [3, 3, 53]


async def two_turns(engine: LocalEngine, policy: Policy, other: Policy, *, inside: bool) -> Sample:
    """Sample two turns; before the second, and during a reply beside it, other weights are taken up."""
    context = list(range(3, 43))
    beside = asyncio.create_task(engine.generate([*context, 9], seed=9, sampling=Sampling(max_tokens=30)))
    sample = await engine.generate(context, seed=0, sampling=REPLY)
    policy.load_state_dict(other.state_dict())
    policy.version += 1
    await engine.take_up(inside=inside)
    await beside
    context += [*sample.ids, 30]
    second = await engine.generate(context, seed=1, sampling=REPLY)
    close(other, context, second)
    return second


@pytest.mark.parametrize("inside", [False, True])
def test_nothing_that_other_weights_computed_is_used_again(inside: bool) -> None:
    policy = policy_of()
    second = asyncio.run(two_turns(LocalEngine(policy, follow=False), policy, policy_of(seed=1), inside=inside))
    assert second.version == 1


def test_a_reply_that_several_weights_sampled_is_not_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    policy, other = policy_of(), policy_of(seed=1)
    engine = LocalEngine(policy, follow=False)
    taken = count(engine, monkeypatch)

    async def turns() -> None:
        context = list(range(3, 23))
        first = asyncio.create_task(engine.generate(context, seed=0, sampling=Sampling(max_tokens=20)))
        for _ in range(5):
            await asyncio.sleep(0)
        policy.load_state_dict(other.state_dict())
        policy.version += 1
        await engine.take_up(inside=True)
        sample = await first
        assert sample.switches
        context += [*sample.ids, 30]
        close(other, context, await engine.generate(context, seed=1, sampling=REPLY))

    asyncio.run(turns())
    assert taken == [20, 41]


def test_an_engine_that_follows_computes_a_conversation_anew_with_new_weights() -> None:
    policy, other = policy_of(), policy_of(seed=1)
    engine = LocalEngine(policy)

    async def turns() -> None:
        context = list(range(3, 23))
        sample = await engine.generate(context, seed=0, sampling=REPLY)
        policy.load_state_dict(other.state_dict())
        policy.version += 1
        context += [*sample.ids, 30]
        close(other, context, await engine.generate(context, seed=1, sampling=REPLY))

    asyncio.run(turns())


def test_rollouts_do_not_depend_on_those_before_them_by_a_bit() -> None:
    engine = LocalEngine(policy_of())
    first, _, again = play(engine, 0), play(engine, 20), play(engine, 0)
    assert first == again


def test_conversations_under_way_go_before_new_ones() -> None:
    engine = LocalEngine(policy_of(), rows=1)
    ended: list[tuple[str, int]] = []

    async def two(name: str, opening: list[int]) -> None:
        context = opening
        for turn in range(2):
            sample = await engine.generate(context, seed=turn, sampling=REPLY)
            ended.append((name, turn))
            context = [*context, *sample.ids, 30]

    async def both() -> None:
        await asyncio.gather(two("first", [5, 6]), two("second", [7, 8]), two("third", [9, 10]))

    asyncio.run(both())
    assert ended == [(name, turn) for name in ("first", "second", "third") for turn in range(2)]
