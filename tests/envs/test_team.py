import random

import pytest

from syllogym.envs import Fault, Reply, Reward, TeamEnv, Turn
from syllogym.errors import UserError


class Relay(TeamEnv):
    """Two agents talk in turn; what each says decides what happens."""

    agents = ("ann", "bob")
    system = "Work together."

    def on_reset(self, rng: random.Random) -> dict[str, str]:
        return {"*": "Begin.", "ann": "You are first."}

    def on_step(self, agent: str, reply: Reply) -> Turn | str:
        answers: dict[str, Turn | str] = {
            "whisper": Turn({"bob": "psst"}),
            "share": Turn("Well done.", {"*": Reward(team=0.5)}, over=True),
            "mine": Turn(reward=2.0),
            "stranger": Turn({"eve": "hello"}),
            "pay stranger": Turn(reward={"eve": 1.0}),
            "nan": Turn(reward={"bob": float("nan")}),
        }
        return answers.get(reply, f"{agent} said {reply}.")

    def settle(self) -> dict[int, dict[str, float]]:
        return {0: {"ann": 0.25}}


class AtOnce(Relay):
    def to_act(self) -> tuple[str, ...]:
        return self.agents


def started(cls: type[Relay] = Relay) -> Relay:
    env = cls()
    env.reset(seed=0)
    return env


def test_by_default_the_agents_take_turns() -> None:
    env = started()
    order = [env.waiting]
    for _ in range(3):
        env.step({env.waiting[0]: "hi"})
        order.append(env.waiting)
    assert order == [("ann",), ("bob",), ("ann",), ("bob",)]


def test_a_star_tells_all_and_a_name_tells_one() -> None:
    env = started()
    told = [env.observe(agent).messages[-1]["content"] for agent in env.agents]
    assert told == ["Begin.\nYou are first.", "Begin."]


def test_the_system_message_opens_each_agent_s_first_prompt_only() -> None:
    env = started()
    env.step({"ann": "hi"})
    roles = {agent: [message["role"] for message in env.observe(agent).messages] for agent in env.agents}
    assert roles == {"ann": ["user"], "bob": ["system", "user"]}


def test_observing_twice_changes_nothing() -> None:
    env = started()
    assert env.observe("bob").messages == env.observe("bob").messages


def test_an_agent_sees_only_what_is_new_since_its_last_reply() -> None:
    env = started()
    env.step({"ann": "one"})
    env.step({"bob": "two"})
    assert env.observe("ann") == "ann said one.\nbob said two."


def test_a_whisper_reaches_one_agent() -> None:
    env = started()
    env.step({"ann": "whisper"})
    assert env.observe("bob").endswith("psst") and env.observe("ann") == ""


def test_a_plain_reward_pays_the_agent_that_replied() -> None:
    assert started().act({"ann": "mine"})[0] == {"ann": 2.0, "bob": 0.0}


def test_a_star_pays_all_and_keeps_the_parts() -> None:
    rewards, _ = started().act({"ann": "share"})
    assert isinstance(rewards["bob"], Reward) and rewards["bob"].parts == {"team": 0.5}


def test_delayed_credit_is_paid_with_the_last_step() -> None:
    assert started().step({"ann": "share"})[1] == {"ann": 0.75, "bob": 0.5}


def test_when_the_episode_is_over_nobody_is_asked() -> None:
    prompts, _, terminated, truncated, _ = started().step({"ann": "share"})
    assert (prompts, terminated, truncated) == ({}, True, False)


def test_max_turns_truncates() -> None:
    env = Relay(max_turns=1)
    env.reset(seed=0)
    assert env.step({"ann": "hi"})[2:4] == (False, True)


def test_replies_of_several_are_heard_in_their_order_whatever_the_mapping_s() -> None:
    env = started(AtOnce)
    env.step({"bob": "b", "ann": "a"})
    assert env.observe("ann") == "ann said a.\nbob said b."


@pytest.mark.parametrize("replies", [{}, {"bob": "hi"}, {"ann": "hi", "bob": "hi"}])
def test_replies_of_others_than_those_who_are_asked_are_refused(replies: dict[str, str]) -> None:
    with pytest.raises(UserError, match="waits for ann"):
        started().step(replies)


@pytest.mark.parametrize("reply", ["stranger", "pay stranger"])
def test_telling_or_paying_a_stranger_is_a_fault(reply: str) -> None:
    with pytest.raises(Fault, match="'eve', who is none of ann, bob"):
        started().step({"ann": reply})


def test_a_reward_that_is_not_finite_is_a_fault() -> None:
    with pytest.raises(Fault, match="not a finite number"):
        started().step({"ann": "nan"})


def test_asking_a_stranger_is_a_fault() -> None:
    class Asks(Relay):
        def to_act(self) -> tuple[str, ...]:
            return ("eve",)

    with pytest.raises(Fault, match="to_act named"):
        Asks().reset(seed=0)
