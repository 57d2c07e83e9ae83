from syllogym.agents import get
from syllogym.agents.rollout import Rollouts, Task


def test_it_says_only_what_is_on_offer_where_replies_are_listed() -> None:
    player = get("random_text")()
    episodes = Rollouts({"*": player}).run([Task("games/tictactoe", seed=seed) for seed in range(40)])
    assert not any("illegal" in step.parts for episode in episodes for step in episode.steps)
    assert len({episode.steps[0].reply for episode in episodes}) > 5
