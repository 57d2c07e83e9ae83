import pytest

from syllogym.envs import make


def begun(deal: str) -> object:
    env = make("games/kuhn_poker", deal=deal)
    env.reset(seed=0)
    return env


@pytest.mark.parametrize(
    ("said", "pay"),
    [
        (["pass", "pass"], {"first": -1.0, "second": 1.0}),
        (["bet", "bet"], {"first": -2.0, "second": 2.0}),
        (["bet", "pass"], {"first": 1.0, "second": -1.0}),
        (["pass", "bet", "pass"], {"first": -1.0, "second": 1.0}),
        (["pass", "bet", "bet"], {"first": -2.0, "second": 2.0}),
    ],
    ids=" ".join,
)
def test_the_higher_card_wins_what_was_put_in_and_who_passes_after_a_bet_gives_up(
    said: list[str], pay: dict[str, float]
) -> None:
    env = begun("JQ")
    for turn, word in enumerate(said):
        _, rewards, over, _, _ = env.step({("first", "second")[turn % 2]: word})
        assert over == (turn == len(said) - 1)
    assert rewards == pay


@pytest.mark.parametrize("reply", ["", "raise", "Pass", "pass bet"])
def test_another_reply_ends_the_game_and_costs_more_than_can_be_lost(reply: str) -> None:
    assert begun("KQ").step({"first": reply})[1:3] == ({"first": -3.0, "second": 0.0}, True)


def test_nobody_is_shown_the_card_of_the_other() -> None:
    env = begun("KJ")
    prompts, *_ = env.step({"first": "pass"})
    assert str(prompts["second"]) == "J: pass"


def test_all_six_deals_are_drawn() -> None:
    env = make("games/kuhn_poker")
    drawn = set()
    for seed in range(100):
        env.reset(seed=seed)
        drawn.add(tuple(env.cards.values()))
    assert len(drawn) == len(env.beginnings()) == 6
