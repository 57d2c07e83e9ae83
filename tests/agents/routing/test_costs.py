"""Is what a call costs learnt from calls?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from syllogym.agents.routing.costs import Costs
from syllogym.errors import UserError
from tests.agents.routing.made_up import COSTS, sums_and_poems

LENGTHS = np.array([[float(len(question))] for question in sums_and_poems().questions])
TRAIN, TEST = replace(sums_and_poems(), cost=LENGTHS * np.array(COSTS)).split()


def test_the_mean_is_the_same_for_every_question() -> None:
    assert Costs(TRAIN)(TEST.questions).tolist() == TRAIN.cost.mean(axis=0).tolist()


@pytest.mark.parametrize(("by", "error"), [("length", 1e-9), ("words", 0.1)], ids=["length", "words"])
def test_what_a_question_tells_of_the_cost_is_found_in_it(by: Any, error: float) -> None:
    assert np.abs(Costs(TRAIN, by)(TEST.questions) / TEST.cost - 1).mean() < error


def test_no_call_is_expected_to_cost_less_or_more_than_any_that_was_seen() -> None:
    told = Costs(TRAIN, "length")(["", "a" * 10_000])
    assert (told[0] == TRAIN.cost.min(axis=0)).all() and (told[1] == TRAIN.cost.max(axis=0)).all()


def test_another_way_to_expect_costs_is_refused() -> None:
    with pytest.raises(UserError, match="mean, length, words"):
        Costs(TRAIN, "colour")  # type: ignore[arg-type]
