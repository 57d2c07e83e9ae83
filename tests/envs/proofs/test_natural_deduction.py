"""Are proofs paid, whole and line by line, and are mistakes told and paid in part?"""

from __future__ import annotations

import random
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.proofs.deduction.drawn_formulas import LOGICS


def begin(seed: int = 0, **options: Any) -> Any:
    env = sg.make("proofs/natural_deduction", **options)
    env.reset(seed=seed)
    return env


@pytest.mark.parametrize("logic", LOGICS)
@pytest.mark.parametrize("by_line", [False, True])
def test_the_solver_earns_everything(logic: str, by_line: bool) -> None:
    env = begin(logic=logic, by_line=by_line)
    for seed in range(30):
        env.reset(seed=seed)
        reward = 0.0
        while not env.over:
            _, reward, _, _, info = env.step(env.solve())
        assert (reward, info["reward"]) == (1.0, {"proved": 0.9, "valid": 0.1})


def test_a_proof_in_a_fenced_block_is_read_and_the_text_around_it_is_not() -> None:
    env = begin()
    assert env.step(f"First I thought:\n```\n9. p\n```\nBut then\n```text\n{env.solve()}\n```\nQed.")[1] == 1.0


def test_right_lines_before_the_first_wrong_one_are_paid_in_part() -> None:
    env = begin(process=0.5)
    lines = env.solve().split("\n")
    reward = env.step("\n".join([*lines[:-1], "99. nonsense"]))[1]
    assert reward == pytest.approx(0.5 * (len(lines) - 1) / len(lines))


def test_another_try_is_told_the_line_that_is_wrong() -> None:
    env = begin(tries=2)
    told, reward, over, *_ = env.step("1. p by magic")
    assert "Line 1 of your proof is wrong: the next line begins with its number" in told
    assert (reward, over) == (0.0, False)
    assert env.step(env.solve())[1:3] == (1.0, True)


def test_a_wrong_line_leaves_the_proof_as_it_is() -> None:
    env = begin(by_line=True, tries=2)
    before = env.state
    assert "begins with its number" in env.step("nonsense")[0]
    assert env.state is before


def test_the_solver_begins_again_behind_lines_of_others() -> None:
    env = begin(by_line=True)
    premise, place = env.proven.premises[0], len(env.proven.premises) + 1
    env.step(f"{place}. | {premise} by assume")
    reward = 0.0
    while not env.over:
        _, reward, *_ = env.step(env.solve())
    assert reward == 1.0


def test_the_proof_so_far_is_shown_each_turn() -> None:
    env = begin(by_line=True, explain=False)
    line = env.solve()
    told, *_ = env.step(line)
    assert told.startswith(f"Prove {env.proven.goal}\n1. ")
    assert told.endswith(line)


def test_a_slip_cites_other_lines_and_nothing_else() -> None:
    env = begin()
    slipped = env.slip(random.Random(0), 1.0)
    assert slipped != env.solve()
    assert [line.split(" by ")[0] for line in slipped.split("\n")] == [
        line.split(" by ")[0] for line in env.solve().split("\n")
    ]
