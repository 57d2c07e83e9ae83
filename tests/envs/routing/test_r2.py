"""Are plans scored and allocations searched as R2-Reasoner's labels want it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from syllogym.envs.routing.r2 import Shaping, grouped_search

LADDER = ("small", "medium", "large")


def needs(*rungs: int) -> Callable[[Sequence[str]], int | None]:
    """Return what finds the first step whose model is below the rung it needs."""

    def first_wrong(models: Sequence[str]) -> int | None:
        pairs = enumerate(zip(models, rungs, strict=True))
        return next((at for at, (model, rung) in pairs if LADDER.index(model) < rung), None)

    return first_wrong


def test_scores_are_those_worked_out_by_hand() -> None:
    weights = Shaping(concise=0.1, practical=1.0, coherent=1.0)
    scores = [weights.score(0.0, steps, tokens, pairs) for steps, tokens, pairs in ((3, 900, 0), (8, 700, 1))]
    assert scores == pytest.approx([-1.2, -2.5])


def test_a_right_answer_outweighs_the_shape_of_a_plan() -> None:
    weights = Shaping(concise=0.5, steps=8)
    assert weights.score(1.0, 8, 0, 0) > weights.score(0.0, 1, 0, 0)


def test_steps_that_fail_are_promoted_until_the_answer_is_right() -> None:
    assert grouped_search([0, 0, 0], LADDER, needs(0, 2, 1)) == ["small", "large", "medium"]


def test_steps_that_need_less_are_demoted_one_by_one() -> None:
    assert grouped_search([2, 2], LADDER, needs(0, 1)) == ["small", "medium"]


def test_a_step_that_nobody_solves_ends_the_search() -> None:
    assert grouped_search([0, 0], LADDER, needs(0, 3)) == ["small", "large"]


def test_the_search_keeps_to_its_evaluations() -> None:
    asked = []

    def count(models: Sequence[str]) -> int | None:
        asked.append(list(models))
        return None

    grouped_search([2] * 8, LADDER, count, evaluations=5)
    assert len(asked) == 5
