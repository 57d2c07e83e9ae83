import json

import pytest

import syllogym as sg
from syllogym.envs.tree.forked import ForkedTask
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.tree.tasks import open_task, task_of
from syllogym.errors import UserError


def test_the_environment_that_is_searched_is_not_changed() -> None:
    env = sg.make("games/guess_number")
    env.reset(seed=2)
    task = ForkedTask(env)
    task.step(task.root(), "3")
    assert env.turn == 0 and env.low == 1


def test_a_state_goes_on_as_the_environment_would() -> None:
    env = sg.make("games/guess_number", high=7)
    env.reset(seed=2)
    task = ForkedTask(env)
    wrong = env.secret % 7 + 1
    state = task.step(task.root(), str(wrong))
    assert task.show(state) == str(env.step(str(wrong))[0]) and not task.ended(state)
    solved = task.step(state, str(env.secret))
    assert task.ended(solved) and task.promise(solved) == 1.0
    assert task.answer(solved) == json.dumps([str(wrong), str(env.secret)])


def test_a_reply_that_the_environment_refuses_is_illegal() -> None:
    task = open_task("games/nim", 0)
    with pytest.raises(IllegalThought, match="refuses 'nonsense'"):
        task.step(task.root(), "nonsense")


def test_nothing_follows_the_end() -> None:
    task = open_task("math/arithmetic", 0)
    state = task.step(task.root(), "I do not know.")
    assert task.ended(state) and task.moves(state) == ()
    with pytest.raises(IllegalThought, match="over"):
        task.step(state, "again")


def test_those_who_move_at_once_are_asked_one_after_the_other() -> None:
    task = open_task("games/quartet", 0)
    state = task.root()
    for agent in ("soprano", "alto", "tenor", "bass"):
        assert not task.ended(state)
        state = task.step(state, max(task.show(state).split()))
        assert agent
    assert task.ended(state) and task.score(task.answer(state) or "") == 1.0


def test_a_cost_to_go_is_a_score_between_nothing_and_one() -> None:
    task = open_task("games/cliff_walk", 0)
    ways = {"best": ["up", *["right"] * 11, "down"], "safe": ["up", "up", *["right"] * 11, "down", "down"]}
    scores = {name: task.score(json.dumps(way)) for name, way in ways.items()}
    assert scores == {"best": 1.0, "safe": pytest.approx(1 - 2 / 37)}


@pytest.mark.parametrize("answer", ["", "3", "[3]", '["up"]', "[" * 5_000])
def test_what_is_no_play_to_the_end_scores_nothing(answer: str) -> None:
    assert open_task("games/cliff_walk", 0).score(answer) == 0.0


def test_an_environment_with_states_of_its_own_is_not_forked() -> None:
    env = sg.make("tree/sudoku")
    env.reset(seed=0)
    assert task_of(env) is env.answer


def test_an_environment_that_was_not_reset_is_refused() -> None:
    with pytest.raises(UserError, match="reset it before"):
        ForkedTask(sg.make("games/nim"))


def test_an_environment_without_a_solver_is_not_solved() -> None:
    task = open_task("games/tictactoe", 0)
    assert isinstance(task, ForkedTask)
    with pytest.raises(UserError, match="has no solver"):
        task.solve()
