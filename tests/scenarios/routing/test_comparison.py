"""Are two routers compared question by question, and is chance told from skill?"""

from __future__ import annotations

import numpy as np
import pytest

from syllogym.envs.routing.routed import Routed
from syllogym.errors import UserError
from syllogym.scenarios.analysis.mcnemar import mcnemar
from syllogym.scenarios.routing.comparison import compare, families_of
from tests.scenarios.routing.made import table

TABLE = table(questions=120)
FIRST, SECOND = (Routed.one_each(f"always {m}", TABLE, np.full(len(TABLE), m)) for m in (2, 0))


def test_wins_losses_and_differences_are_counted() -> None:
    found = compare(FIRST, SECOND, draws=500)
    better = TABLE.quality[:, 2] - TABLE.quality[:, 0]
    assert (found.wins, found.losses, found.ties) == tuple((np.sign(better) == sign).sum() for sign in (1, -1, 0))
    assert found.quality.value == pytest.approx(better.mean())
    assert found.quality.low < better.mean() < found.quality.high
    assert found.cost.value == pytest.approx((TABLE.cost[:, 2] - TABLE.cost[:, 0]).mean())
    assert found.chance == mcnemar(found.wins, found.losses)
    assert found.families == 10 and 0 < found.families_won <= 10


def test_the_other_way_round_everything_changes_its_sign() -> None:
    one, other = compare(FIRST, SECOND, draws=500), compare(SECOND, FIRST, draws=500)
    assert (one.wins, one.families_won, one.chance) == (other.losses, other.families_lost, other.chance)
    assert one.quality.low == pytest.approx(-other.quality.high, abs=0.01)


def test_a_router_does_not_beat_itself() -> None:
    found = compare(FIRST, FIRST, draws=100)
    assert (found.quality.value, found.quality.low, found.quality.high, found.chance) == (0, 0, 0, 1.0)


def test_grades_have_no_exact_test() -> None:
    graded = table(questions=120)
    graded.quality[0, 2] = 0.5
    first, second = (Routed.one_each(str(m), graded, np.full(len(graded), m)) for m in (2, 0))
    assert compare(first, second, draws=100).chance is None


def test_other_questions_cannot_be_paired() -> None:
    with pytest.raises(UserError, match="answered different questions"):
        compare(FIRST, Routed.one_each("other", table(questions=50), np.zeros(50)))


def test_few_families_are_not_drawn_unless_somebody_wants_it() -> None:
    few = table(families=3)
    assert families_of(few) is None and families_of(few, True) == few.families
    assert families_of(TABLE) == TABLE.families and families_of(TABLE, False) is None
