import pytest

from syllogym.envs import make
from syllogym.envs.values import reward_parts
from syllogym.errors import UserError


def debated(rounds: int, *said: tuple[str, str, str], **options: object) -> tuple[object, dict[str, dict[str, float]]]:
    """Play rounds of replies; return the environment, and what the last one paid by part."""
    env = make("teams/debate", rounds=rounds, **options)
    env.reset(seed=1)
    for replies in said:
        prompts, rewards, over, _, _ = env.step(dict(zip(env.agents, replies, strict=True)))
    assert over
    assert not prompts
    return env, {agent: reward_parts(reward) for agent, reward in rewards.items()}


def right(rounds: int = 1) -> str:
    env = make("teams/debate", rounds=rounds)
    env.reset(seed=1)
    return str(env.solve("debater_1"))


def test_all_are_asked_the_same_question() -> None:
    prompts, _ = make("teams/debate").reset(seed=0)
    assert len(set(map(str, prompts.values()))) == 1


def test_each_reads_the_others_and_not_itself() -> None:
    env = make("teams/debate", rounds=2)
    env.reset(seed=1)
    prompts, *_ = env.step({"debater_1": "one", "debater_2": "two", "debater_3": "three"})
    assert "one" not in prompts["debater_1"]
    assert "two" in prompts["debater_1"]
    assert "three" in prompts["debater_1"]


def test_the_last_answer_counts_for_each() -> None:
    _, paid = debated(2, (right(), right(), right()), ("no", right(), "no"))
    assert [paid[agent]["correct"] for agent in sorted(paid)] == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(("others", "shared"), [("right", 0.5), ("wrong", 0.0)])
def test_the_majoritys_answer_pays_all(others: str, shared: float) -> None:
    said = right() if others == "right" else r"\boxed{0}"
    _, paid = debated(1, (said, said, "nothing"), majority=0.5)
    assert {parts["majority"] for parts in paid.values()} == {shared}


def test_what_asks_more_than_one_question_cannot_be_debated() -> None:
    with pytest.raises(UserError, match="does not ask one agent one question"):
        make("teams/debate", task="games/nim").reset(seed=0)
