"""Does nobody learn from what it is judged on, and is everybody judged on the same questions?"""

from __future__ import annotations

import numpy as np
import pytest

from syllogym.agents.routing import held_out
from syllogym.agents.routing.held_out import BASELINES, compare, crossed
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError
from tests.agents.routing.made_up import sums_and_poems

TABLE = sums_and_poems(200)


def test_each_fold_is_told_of_by_the_others_and_every_question_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[RoutingTable, RoutingTable]] = []

    def truth(spec: object, train: RoutingTable, test: RoutingTable, seed: int) -> Array:
        seen.append((train, test))
        return test.quality

    monkeypatch.setattr(held_out, "expected", truth)
    assert np.array_equal(crossed(TABLE, {"knn": "knn"}).quality["knn"], TABLE.quality)
    assert all(not set(train.questions) & set(test.questions) for train, test in seen)
    assert sorted(len(test) for _, test in seen) == [40] * 5


def test_all_baselines_decide_on_every_question_and_none_is_above_the_oracle() -> None:
    found = compare(TABLE)
    assert set(found) == set(BASELINES) and all(point.table is TABLE for points in found.values() for point in points)
    best = max(point.quality.mean() for points in found.values() for point in points)
    assert best == found["oracle"][0].quality.mean()


def test_crossed_routers_that_read_the_question_beat_the_best_single_model_for_less() -> None:
    found = compare(TABLE, {name: name for name in ("best_single", "knn")})
    single = found["best_single"][0]
    assert any(p.quality.mean() > single.quality.mean() - 0.05 and p.cost.mean() < 3 for p in found["knn"])


def test_more_folds_than_questions_are_refused() -> None:
    with pytest.raises(UserError, match="folds is a whole number from 2 to 200"):
        compare(TABLE, folds=201)
