"""What does every search task promise, whichever puzzle it is?"""

from __future__ import annotations

import random
from typing import Any

import pytest

from syllogym.envs.tree.search_task import IllegalThought, SearchTask
from syllogym.envs.tree.tasks import open_task

LISTED = {
    "math/game24": {},
    "math/countdown": {"numbers": (3, 4), "targets": (10, 200)},
    "tree/alphametics": {},
    "tree/blocksworld": {"optimal": True},
    "tree/coloring": {},
    "tree/crosswords": {"measure": "letters"},
    "tree/knights": {},
    "tree/prosqa": {"kind": "true"},
    "tree/subset_sum": {},
    "tree/sudoku": {},
    "games/nim": {},
    "games/cliff_walk": {},
    "selection/examples": {},
}
"""Tasks whose moves can be listed, with options."""

PROMISING = [name for name in LISTED if name.startswith(("math/", "tree/"))]
ALL = [*LISTED, "tree/creative_writing", "math/arithmetic", "games/guess_number"]


def task(name: str, seed: int = 0) -> SearchTask[Any]:
    return open_task(name, seed, LISTED.get(name, {}))


@pytest.mark.parametrize("name", ALL)
def test_an_instance_is_the_same_for_the_same_seed_and_another_for_another(name: str) -> None:
    one, same, other = task(name), task(name), task(name, 1)
    assert one.prompt == same.prompt
    assert one.root() == same.root() and hash(one.root()) == hash(same.root())
    assert name in ("games/cliff_walk", "games/guess_number") or one.prompt != other.prompt


@pytest.mark.parametrize("name", LISTED)
def test_every_listed_move_is_legal_wherever_chance_leads(name: str) -> None:
    dice, puzzle = random.Random(name), task(name)
    for _ in range(5):
        state = puzzle.root()
        for _ in range(8):
            moves = puzzle.moves(state)
            assert moves is not None and len(set(moves)) == len(moves)
            for move in moves:
                puzzle.step(state, move)
            if puzzle.ended(state) or not moves:
                break
            state = puzzle.step(state, dice.choice(list(moves)))


@pytest.mark.parametrize("name", LISTED)
@pytest.mark.parametrize("thought", ["", "nonsense", "x" * 100_000, "{0.__class__}", "9" * 5_000, "\ud800\x00"])
def test_nonsense_leads_nowhere_and_says_why(name: str, thought: str) -> None:
    puzzle = task(name)
    try:
        puzzle.step(puzzle.root(), thought)
    except IllegalThought as told:
        assert str(told) and len(str(told)) < 1_000
    else:
        assert name in ("selection/examples", "games/cliff_walk"), "only a game may hear anything"


@pytest.mark.parametrize("name", PROMISING)
@pytest.mark.parametrize("seed", [1, 2])
def test_who_follows_the_promise_arrives_at_the_best_score(name: str, seed: int) -> None:
    puzzle = task(name, seed)
    state = puzzle.root()
    assert puzzle.promise(state) == 1.0
    while not puzzle.ended(state):
        moves = puzzle.moves(state)
        assert moves
        state = max((puzzle.step(state, move) for move in moves), key=lambda after: puzzle.promise(after) or 0.0)
        assert puzzle.promise(state) == 1.0
    answer = puzzle.answer(state)
    wanted = puzzle.solutions()
    assert answer is not None
    assert puzzle.score(answer) == 1.0 if wanted is None or len(wanted) == 1 else answer in wanted


@pytest.mark.parametrize("name", [*PROMISING, "tree/creative_writing", "math/arithmetic", "games/guess_number"])
def test_its_own_solution_scores_one_and_nonsense_nothing(name: str) -> None:
    puzzle: Any = task(name)
    assert puzzle.score(puzzle.solve()) == 1.0
    assert [puzzle.score(answer) for answer in ("", "nonsense", "0", "[" * 9_999, "\ud800")] == [0.0] * 5


@pytest.mark.parametrize("name", PROMISING)
def test_a_state_without_promise_has_no_right_answer_below(name: str) -> None:
    dice, puzzle = random.Random(3), task(name)
    for _ in range(10):
        state = puzzle.root()
        lost = False
        while not puzzle.ended(state) and (moves := puzzle.moves(state)) and len(str(state)) < 2_000:
            state = puzzle.step(state, dice.choice(list(moves)))
            lost = lost or puzzle.promise(state) == 0.0
        answer = puzzle.answer(state)
        assert not (lost and answer and puzzle.score(answer) == 1.0)
