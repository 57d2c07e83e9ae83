"""Is every choice of numbers found that adds up, and do most others lead nowhere?"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.tree.subset_sum import SubsetSum
from syllogym.errors import UserError

PUZZLE = SubsetSum((1, 3, 9, 5, 7), 17)


def drawn(seed: int = 0, **options: Any) -> Any:
    env = sg.make("tree/subset_sum", **options)
    env.reset(seed=seed)
    return env


@pytest.mark.parametrize("seed", range(5))
def test_the_solutions_are_those_that_trying_everything_finds(seed: int) -> None:
    puzzle = drawn(seed).search_task()
    every = (some for size in range(1, 7) for some in combinations(puzzle.numbers, size))
    tried = {" ".join(map(str, some)) for some in every if sum(some) == puzzle.target}
    assert puzzle.solutions() == tried and 1 <= len(tried) <= 3


def test_a_thought_says_what_is_left() -> None:
    assert PUZZLE.step(PUZZLE.root(), "9=8") == (9,) and PUZZLE.show((9,)) == "8 from 7 5 3 1"
    assert PUZZLE.moves((9,)) == ["7=1", "5=3", "3=5", "1=7"]


@pytest.mark.parametrize(
    ("thought", "why"), [("9=7", "9 of 17 leaves 8"), ("8=9", "cannot be taken"), ("9", "says what is left")]
)
def test_a_thought_that_is_wrong_leads_nowhere(thought: str, why: str) -> None:
    with pytest.raises(IllegalThought, match=why):
        PUZZLE.step(PUZZLE.root(), thought)


@pytest.mark.parametrize("state", [(3,), (9, 5, 1), (7, 5, 3, 1)])
def test_where_too_much_or_too_little_is_left_there_is_no_way_on(state: tuple[int, ...]) -> None:
    assert PUZZLE.ended(state) and not PUZZLE.moves(state) and PUZZLE.promise(state) == 0.0
    assert PUZZLE.answer(state) is None


@pytest.mark.parametrize(
    ("answer", "score", "graded"),
    [("9 5 3\n9 7 1", 1.0, 1.0), ("1, 7, 9\n3, 5, 9", 1.0, 1.0), ("9 7 1", 0.0, 2 / 3), ("9 7 1\n9 8", 0.0, 0.5)],
)
def test_only_all_solutions_are_paid_unless_it_is_graded(answer: str, score: float, graded: float) -> None:
    assert PUZZLE.score(answer) == score
    assert SubsetSum(PUZZLE.numbers, 17, graded=True).score(answer) == pytest.approx(graded)


def test_a_bare_question_is_one_line_even_where_a_tree_is_asked_for() -> None:
    env = drawn(bare=True, tot=True)
    assert env.search_task().show(()) == env._told and "\n" not in env._told
    assert env.step("<answer>1</answer>")[1] == -1.0


def test_a_question_in_words_says_how_to_answer() -> None:
    assert "<answer>" in drawn()._told and "Each may be taken once" in drawn()._told


def test_a_target_out_of_reach_is_told() -> None:
    with pytest.raises(UserError, match="widen the options"):
        drawn(target=(1_000, 1_000))
