import asyncio
import random

import pytest
from gymnasium.utils.env_checker import check_env

from syllogym.envs import Fault, Prompt, Reply, Reward, TextEnv, Turn, make
from syllogym.errors import UserError


class Echo(TextEnv):
    system = "Be brief."

    def on_reset(self, rng: random.Random) -> str:
        return "Say something."

    def on_step(self, reply: Reply) -> Turn | str:
        if reply == "end":
            return Turn("Bye.", Reward(correct=1.0, brevity=-0.25), over=True, length=3)
        if reply == "mapping":
            return Turn({"agent": "hello"})
        if reply == "messages":
            return Turn(Prompt.of([{"role": "tool", "content": "4"}]), 1.0)
        if reply == "nothing":
            return None  # type: ignore[return-value]
        return f"You said {reply}."


def started() -> Echo:
    env = Echo()
    env.reset(seed=0)
    return env


def test_the_first_prompt_opens_with_the_system_message() -> None:
    prompt, _ = Echo().reset(seed=0)
    assert [message["role"] for message in prompt.messages] == ["system", "user"]


def test_later_prompts_hold_only_what_is_new() -> None:
    assert started().step("hi")[0].messages == ({"role": "user", "content": "You said hi."},)


def test_the_reward_is_a_float_and_its_parts_are_in_the_info() -> None:
    _, reward, *_, info = started().step("end")
    assert (type(reward), reward, info["reward"]) == (float, 0.75, {"correct": 1.0, "brevity": -0.25})


def test_the_turn_s_other_facts_are_in_the_info() -> None:
    assert started().step("end")[4]["length"] == 3


def test_act_answers_as_step_does() -> None:
    env = started()
    rewards, info = env.act({"agent": "end"})
    assert (rewards, info, env.observe("agent")) == ({"agent": 0.75}, {"length": 3}, "Bye.")


def test_act_for_another_agent_is_refused() -> None:
    with pytest.raises(UserError, match="waits for 'agent'"):
        started().act({"other": "hi"})


def test_a_single_agent_is_not_told_a_mapping() -> None:
    with pytest.raises(Fault, match="not a mapping"):
        started().step("mapping")


def test_a_turn_that_tells_a_prompt_keeps_its_messages() -> None:
    assert started().step("messages")[0].messages == ({"role": "tool", "content": "4"},)


def test_an_on_step_that_returns_nothing_is_a_fault() -> None:
    with pytest.raises(Fault, match="is told a string"):
        started().step("nothing")


def test_gymnasium_s_checker_finds_nothing() -> None:
    check_env(make("games/guess_number"))


def test_render_shows_the_latest_prompt() -> None:
    env = make("games/guess_number", render_mode="ansi")
    assert env.render() == "" and env.render() != env.reset(seed=0)[0] == env.render()


async def transcript(seed: int) -> list[str]:
    env = make("games/guess_number")
    told = [str(env.reset(seed=seed)[0])]
    while not env.over:
        await asyncio.sleep(0)
        told.append(str(env.step(str(7 * len(told)))[0]))
    return told


async def side_by_side(seeds: range) -> list[list[str]]:
    return await asyncio.gather(*(transcript(seed) for seed in seeds))


def test_episodes_that_run_side_by_side_in_an_event_loop_are_those_that_run_alone() -> None:
    assert asyncio.run(side_by_side(range(20))) == [asyncio.run(transcript(seed)) for seed in range(20)]


class Plain(TextEnv):
    def on_reset(self, rng: random.Random) -> str:
        return "Say something."

    def on_step(self, reply: str) -> Turn:
        return Turn(type(reply).__name__, over=True)


@pytest.mark.parametrize(("said", "heard"), [("text", "str"), (Reply("text", finish_reason="stop"), "Reply")])
def test_an_author_who_wants_a_str_hears_the_reply_as_it_comes(said: str, heard: str) -> None:
    env = Plain()
    env.reset(seed=0)
    assert env.step(said)[0] == heard
