import json

import pytest

from syllogym.envs.curriculum import Curriculum
from syllogym.errors import UserError

LEVELS = {"digits": (1, 2, 3), "terms": (2, 3)}


def pushed(*successes: float, window: int = 2) -> Curriculum:
    curriculum = Curriculum(LEVELS, raise_at=0.75, window=window)
    for success in successes:
        curriculum.update(success)
    return curriculum


def test_it_begins_at_the_easiest() -> None:
    assert Curriculum(LEVELS).options() == {"digits": 1, "terms": 2}


def test_options_are_raised_in_turn() -> None:
    assert [pushed(*[1.0] * n).options() for n in (2, 4, 6)] == [
        {"digits": 2, "terms": 2},
        {"digits": 2, "terms": 3},
        {"digits": 3, "terms": 3},
    ]


def test_nothing_is_raised_before_the_window_is_full() -> None:
    assert pushed(1.0).options() == {"digits": 1, "terms": 2}


def test_nothing_is_raised_below_the_mark() -> None:
    assert pushed(1.0, 0.0, 1.0, 0.0).options() == {"digits": 1, "terms": 2}


def test_successes_at_the_last_level_do_not_count_at_the_next() -> None:
    assert pushed(1.0, 1.0, 1.0).options() == {"digits": 2, "terms": 2}


def test_it_never_lowers() -> None:
    assert pushed(1.0, 1.0, *[0.0] * 20).options() == {"digits": 2, "terms": 2}


def test_at_the_hardest_it_stays() -> None:
    curriculum = pushed(*[1.0] * 30)
    assert curriculum.finished and curriculum.options() == {"digits": 3, "terms": 3}


def test_a_restored_curriculum_goes_on_as_the_original() -> None:
    curriculum, twin = pushed(1.0, 1.0, 1.0), pushed()
    twin.load_state_dict(json.loads(json.dumps(curriculum.state_dict())))
    assert [(each.update(1.0), each.options()) for each in (twin, curriculum)] == [
        (True, {"digits": 2, "terms": 3})
    ] * 2


def test_a_checkpoint_of_other_levels_is_refused() -> None:
    with pytest.raises(UserError, match="do not have"):
        Curriculum({"digits": (1,)}).load_state_dict(pushed(1.0, 1.0).state_dict())


def test_without_levels_nothing_is_ever_raised() -> None:
    curriculum = Curriculum({}, window=1)
    assert not curriculum.update(1.0) and curriculum.finished


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"levels": {"digits": ()}}, "'digits' are empty"),
        ({"levels": LEVELS, "raise_at": 1.5}, "raise_at"),
        ({"levels": LEVELS, "window": 0}, "window"),
    ],
)
def test_a_wrong_setting_is_named(arguments: dict[str, object], error: str) -> None:
    with pytest.raises(UserError, match=error):
        Curriculum(**arguments)  # type: ignore[arg-type]


def test_a_success_outside_zero_to_one_is_refused() -> None:
    with pytest.raises(UserError, match="success"):
        pushed().update(2.0)
