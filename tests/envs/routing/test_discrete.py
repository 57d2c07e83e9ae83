"""Do numbers do what names do?"""

import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from syllogym.envs.routing.discrete import DiscreteRouting
from syllogym.envs.routing.features import features
from syllogym.errors import UserError


@pytest.mark.parametrize("game", ["one_shot", "cascade"])
@pytest.mark.parametrize("seen", ["features", "text"])
def test_it_is_a_gymnasium_environment(game: str, seen: str) -> None:
    check_env(DiscreteRouting(game, seen=seen), skip_render_check=True)


def test_an_action_asks_the_expert_of_its_number() -> None:
    env = DiscreteRouting("one_shot")
    env.reset(seed=3)
    assert env.step(3)[4]["asked"] == ["sage"]


def test_the_mask_follows_what_was_asked_and_what_is_left() -> None:
    env = DiscreteRouting("cascade", budget=0.02)
    _, info = env.reset(seed=0)
    assert info["action_mask"].tolist() == [1, 1, 1, 1, 0]
    observation, _, _, _, info = env.step(0)
    assert info["action_mask"].tolist() == [0, 1, 1, 1, 1]
    assert observation["experts"][0, :2].tolist() == [1.0, 1.0]
    assert 0.9 < observation["budget"][0] < 1.0


def test_what_the_mask_rules_out_is_refused_and_paid_so() -> None:
    env = DiscreteRouting("cascade", unknown=0.2)
    env.reset(seed=0)
    assert env.step(4)[1] == pytest.approx(-0.2)


def test_a_question_looks_the_same_whenever_it_is_seen() -> None:
    one, other = features("sum 1 2 3", 32), features("sum 4 5", 32)
    assert np.array_equal(one, features("sum 1 2 3", 32))
    assert not np.array_equal(one, other)
    assert one[-1] > other[-1]


@pytest.mark.parametrize(("options", "fix"), [({"game": "chess"}, "one_shot"), ({"width": 1}, "width")], ids=str)
def test_wrong_arguments_are_told(options: dict[str, object], fix: str) -> None:
    with pytest.raises(UserError, match=fix):
        DiscreteRouting(**options)  # type: ignore[arg-type]
