import pytest

from syllogym.envs import make


def begun() -> object:
    env = make("teams/proposer_solver")
    env.reset(seed=0)
    env.given = [7, 12]
    return env


@pytest.mark.parametrize(
    ("right", "paid"), [(0, 0.0), (1, 2 / 3), (2, 1 / 3), (3, 0.0)], ids=["nobody", "one", "two", "all"]
)
def test_the_proposer_is_paid_for_what_some_can_solve(right: int, paid: float) -> None:
    env = begun()
    prompts, *_ = env.step({"proposer": "7*12+1"})
    assert {str(prompt) for prompt in prompts.values()} == {"7*12+1 = ?"}
    replies = {agent: "85" if at < right else "86" for at, agent in enumerate(env.agents[1:])}
    _, rewards, over, _, _ = env.step(replies)
    assert over
    assert rewards["proposer"] == pytest.approx(paid)
    assert [rewards[agent] for agent in env.agents[1:]] == [1.0] * right + [0.0] * (3 - right)


@pytest.mark.parametrize(
    "text",
    ["", "7+13", "7+12+1+2+3", "7+12+1000", "7+12)", "__import__('os')", "7**12**99", "12/(7-7)", "77+12", "7 12"],
)
def test_what_is_no_proper_expression_costs_the_proposer_and_ends_it(text: str) -> None:
    _, rewards, over, _, _ = begun().step({"proposer": text})
    assert over
    assert rewards["proposer"] == -1.0
