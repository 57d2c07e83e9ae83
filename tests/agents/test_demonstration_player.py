"""Does a demonstration slip as it should?"""

from __future__ import annotations

from syllogym.agents.chat import ChatFormat
from syllogym.agents.episode import Episode
from syllogym.agents.player import DemonstrationPlayer
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.tiny import byte_tokenizer


def demonstrated(env: str, noise: float) -> list[Episode]:
    player = DemonstrationPlayer(ChatFormat(byte_tokenizer()), noise)
    return Rollouts({"*": player}).run([Task(env, seed=seed) for seed in range(40)])


def test_a_slip_in_a_team_that_lists_its_replies_is_any_of_them() -> None:
    episodes = demonstrated("games/nim", 1.0)
    assert not any("illegal" in step.parts for episode in episodes for step in episode.steps)
    won = sum(episode.steps[-1].agent == "first" for episode in episodes)
    assert 5 < won < 35, "the first always wins without slips"


def test_a_slip_in_a_team_without_such_a_list_is_garbled() -> None:
    perfect, slipping = (demonstrated("games/relay", noise) for noise in (0.0, 1.0))
    assert all(episode.reward("speaker") == 1 for episode in perfect)
    said = [(one.steps[0].reply, other.steps[0].reply) for one, other in zip(perfect, slipping, strict=True)]
    assert all(right != wrong for right, wrong in said)
