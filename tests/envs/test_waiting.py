"""Are hooks that wait awaited by those who can, and run to their end for everybody else?"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from syllogym.envs import Fault, Question, Reply, Reward, TeamEnv, TextEnv, Turn, tool
from syllogym.envs.doctor import diagnose
from syllogym.envs.waiting import finish, in_turn, then


class Echo(TextEnv):
    """Says back, after a while, what it is told; at once where it is told nothing."""

    max_turns = 2
    lazy_return = 1.0

    async def on_reset(self, rng: random.Random, high: int = 99) -> str:
        await asyncio.sleep(0)
        self.number = rng.randint(1, high)
        return f"Say {self.number}."

    async def on_step(self, reply: Reply) -> Turn | str:
        if reply == "break":
            raise ZeroDivisionError("division by zero")
        if reply:
            await asyncio.sleep(0)
        return Turn(reply, Reward(correct=float(reply == str(self.number))), over=reply == str(self.number))

    def solve(self) -> str:
        return str(self.number)


class Crowd(TeamEnv):
    """Two agents move at once; the answers come in the order of the agents, however long each takes."""

    agents = ("slow", "quick")
    max_turns = 1

    async def on_reset(self, rng: random.Random) -> Mapping[str, str]:
        self.heard: list[str] = []
        return {"*": "go"}

    async def on_step(self, agent: str, reply: Reply) -> Turn:
        await asyncio.sleep(0.01 if agent == "slow" else 0)
        self.heard.append(agent)
        return Turn({agent: f"{agent} said {reply}"}, {agent: float(len(self.heard))})

    def to_act(self) -> tuple[str, ...]:
        return self.agents


class Shop(TextEnv):
    """Has a tool that waits."""

    def on_reset(self, rng: random.Random) -> str:
        return "What does tea cost?"

    def on_step(self, reply: Reply) -> Turn:
        return Turn(over=True)

    @tool
    async def price(self, item: str) -> str:
        """Return the price of an item."""
        await asyncio.sleep(0)
        if item == "hope":
            raise ValueError("hope is not for sale")
        return f"{item} costs 3"


class Judged(Question):
    """Is graded by a judge who has to be asked."""

    def draw(self, rng: random.Random) -> tuple[str, int]:
        number = rng.randint(1, 1000)
        return f"{number}?", number

    async def grade(self, reply: str, answer: int) -> float:
        await asyncio.sleep(0)
        return Reward(correct=float(str(answer) in reply))


class Wide(Judged):
    """Draws after a while, so that splits have to wait for their instances."""

    async def on_reset(self, rng: random.Random) -> str:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().on_reset(rng)


def call(item: str) -> str:
    return f'<tool_call>{{"name": "price", "arguments": {{"item": "{item}"}}}}</tool_call>'


def test_a_gymnasium_loop_gets_what_a_hook_waits_for() -> None:
    env = Echo()
    prompt, _ = env.reset(seed=3)
    assert prompt == f"Say {env.number}."
    assert env.step("no")[:4] == ("no", 0.0, False, False)
    told, reward, terminated, truncated, info = env.step(str(env.number))
    assert (told, reward, terminated, truncated, info) == (
        str(env.number),
        1.0,
        True,
        False,
        {"reward": {"correct": 1.0}},
    )


def test_a_loop_that_runs_already_is_no_hindrance() -> None:
    async def play() -> str:
        env = Echo()
        env.reset(seed=3)
        return str(env.step("hello")[0])

    assert asyncio.run(play()) == "hello"


def test_those_who_can_await_are_given_a_coroutine() -> None:
    async def play() -> tuple[float, bool]:
        env = Echo()
        begun = env.begin(3)
        assert begun is not None
        await begun
        heard = env.hear({"agent": str(env.number)})
        assert not isinstance(heard, tuple)
        rewards, _ = await heard
        return rewards["agent"], env.terminated

    assert asyncio.run(play()) == (1.0, True)


def test_awaited_or_not_it_is_the_same_episode() -> None:
    async def awaited(env: Any) -> list[Any]:
        await env.begin(7)
        seen = [env.observe("quick")]
        rewards, _ = await env.hear({"slow": "a", "quick": "b"})
        return [*seen, rewards, env.observe("slow"), env.observe("quick"), env.heard]

    env = Crowd()
    prompts, _ = env.reset(seed=7)
    rewards, _ = env.act({"slow": "a", "quick": "b"})
    plain = [prompts["quick"], rewards, env.observe("slow"), env.observe("quick"), env.heard]
    assert asyncio.run(awaited(Crowd())) == plain
    assert plain[-1] == ["slow", "quick"]


def test_a_hook_that_raises_after_waiting_is_a_fault_that_says_where() -> None:
    env = Echo()
    env.reset(seed=3)
    with pytest.raises(Fault, match=r"Echo \(seed 3, turn 0\): on_step raised ZeroDivisionError"):
        env.step("break")


def test_a_tool_may_wait_and_its_mistakes_are_told() -> None:
    env = Shop()
    env.reset(seed=0)
    assert env.step(call("tea"))[0].messages == ({"role": "tool", "name": "price", "content": "tea costs 3"},)
    assert env.step(call("hope"))[0] == "Error: hope is not for sale"
    assert env.step("3")[2]


def test_a_judge_may_be_waited_for() -> None:
    env = Judged()
    env.reset(seed=0)
    assert env.step(env.solve())[1:4] == (1.0, True, False)


def test_splits_wait_for_their_instances() -> None:
    firsts = {split: {Wide(split=split).reset(seed=seed)[0] for seed in range(8)} for split in ("train", "eval")}
    assert not firsts["train"] & firsts["eval"]


def test_a_hook_that_nobody_awaits_cannot_be_a_coroutine() -> None:
    with pytest.raises(TypeError, match=r"Late\.settle is called without waiting"):
        type("Late", (Echo,), {"settle": Echo.on_step})


def test_the_doctor_examines_an_environment_that_waits() -> None:
    report = diagnose(Echo)
    assert report.ok, "\n".join(report.lines())
    assert "step time: it waits" in "\n".join(report.lines())


def test_a_hook_that_waits_may_step_another_environment_that_waits() -> None:
    class Nested(Echo):
        async def on_step(self, reply: Reply) -> Turn | str:
            inner = Echo()
            inner.reset(seed=1)
            return str(inner.step(reply)[0])

    env = Nested()
    env.reset(seed=0)
    assert env.step("hello")[0] == "hello"


def test_values_at_hand_and_values_to_come_are_collected_in_order() -> None:
    async def later(number: int) -> int:
        await asyncio.sleep(0)
        return number

    assert in_turn(iter([1, 2])) == [1, 2]
    assert finish(in_turn(iter([1, later(2), 3, later(4)]))) == [1, 2, 3, 4]
    assert finish(then(later(2), lambda two: later(two + 1))) == 3


def test_one_loop_finishes_for_all_threads() -> None:
    async def which() -> int:
        return threading.get_ident()

    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(finish(which()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(seen)) == 1
