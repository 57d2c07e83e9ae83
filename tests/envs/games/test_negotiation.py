import pytest

from syllogym.envs import make


def begun(**options: object) -> object:
    env = make("games/negotiation", kinds=3, **options)
    env.reset(seed=0)
    env.counts, env.worth = [1, 2, 3], {"first": [4, 3, 0], "second": [1, 0, 3]}
    return env


def test_everything_is_worth_ten_to_each() -> None:
    env = make("games/negotiation")
    for seed in range(50):
        env.reset(seed=seed)
        for worth in env.worth.values():
            assert sum(a * b for a, b in zip(env.counts, worth, strict=True)) == 10


def test_a_deal_pays_each_the_worth_of_its_share() -> None:
    env = begun()
    prompts, *_ = env.step({"first": "offer 1 0 3"})
    assert str(prompts["second"]) == "There are 1 worth 1; 2 worth 0; 3 worth 3. first: offer 1 0 3."
    assert env.step({"second": "accept"})[1:3] == ({"first": 0.6, "second": 1.0}, True)


def test_who_refuses_says_another_offer() -> None:
    env = begun()
    env.step({"first": "offer 1 0 0"})
    env.step({"second": "offer 1 2 0"})
    assert env.step({"first": "accept"})[1] == {"first": 1.0, "second": pytest.approx(0.9)}


def test_each_may_be_paid_a_share_of_what_the_other_earns() -> None:
    env = begun(shared=0.5)
    env.step({"first": "offer 1 0 3"})
    assert env.step({"second": "accept"})[1] == {"first": pytest.approx(1.1), "second": pytest.approx(1.3)}


@pytest.mark.parametrize(
    "said", ["accept", "", "offer", "offer 2 0 0", "offer 1 2", "offer 1 2 3 0", "offer -1 0 0", "no"]
)
def test_what_is_no_offer_ends_it_and_costs_the_speaker(said: str) -> None:
    assert begun().step({"first": said})[1:3] == ({"first": -0.5, "second": 0.0}, True)


def test_without_a_deal_in_time_nobody_is_paid() -> None:
    env = begun()
    for turn in range(6):
        _, rewards, over, cut, _ = env.step({("first", "second")[turn % 2]: "offer 0 0 0"})
    assert (rewards, over, cut) == ({"first": 0.0, "second": 0.0}, False, True)
