"""Is a program in Dial paid for what it does on lists that the agent did not see, and for nothing else?"""

from __future__ import annotations

import random
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.code.dial import passes, program_in, run
from syllogym.envs.code.golf_free import spelled
from syllogym.envs.doctor import diagnose


def begun(seed: int = 0, **options: Any) -> Any:
    env = sg.make("code/golf_free", **options)
    env.reset(seed=seed)
    return env


def test_the_environment_is_sound() -> None:
    assert diagnose("code/golf_free").ok


def test_the_solver_spells_how_it_finds_each_instruction() -> None:
    assert spelled(("3141", "5397")) == "5-3=2-0=2 3-1=2-2=0 9-4=5-2=3 7-1=6-5=1"


def test_the_program_counts_and_its_remarks_do_not() -> None:
    env = begun()
    assert env.step(" ".join(f"nonsense{one}" for one in env.answer.program))[1] == 1.0


@pytest.mark.parametrize("shown", [1, 2])
def test_a_program_that_writes_what_was_shown_by_rote_passes_that_and_is_not_paid(shown: int) -> None:
    for seed in range(20):
        env = begun(seed, shown=shown)
        by_rote = " ".join("abcdefghij"[int(digit)] for digit in env.answer.shown[0][1])
        assert passes(program_in(by_rote), env.answer.shown[:1])
        assert env.step(by_rote)[1] == 0.0


def test_a_hidden_list_that_fails_is_enough() -> None:
    env = begun(hidden=1)
    (numbers, wanted), program = env.answer.hidden[0], env.answer.program
    env.answer = env.answer._replace(hidden=((numbers, wanted[::-1] + "x"),))
    assert run(program, numbers) == wanted and env.step(" ".join(program))[1] == 0.0


def test_hidden_lists_are_not_in_the_prompt() -> None:
    env = sg.make("code/golf_free", size=8)
    for seed in range(30):
        told = env.reset(seed=seed)[0]
        assert not any(text in told for pair in env.answer.hidden for text in pair)  # type: ignore[attr-defined]


def test_a_slip_forgets_how_the_dial_stands() -> None:
    env = begun(shown=1)
    always = env.slip(random.Random(0), 1.0)
    assert [word.split("=")[1].partition("-")[2] for word in always.split()] == ["0"] * 4
    assert env.slip(random.Random(0), 0.0) == env.solve()


def test_no_program_is_asked_for_in_both_splits() -> None:
    asked: dict[str, set[str]] = {}
    for split in ("train", "eval"):
        env: Any = sg.make("code/golf_free", split=split, size=2)
        env.reset(seed=0)
        asked[split] = set()
        for _ in range(300):
            env.reset()
            asked[split].add(env.answer.program)
    assert len(asked["train"]) > 70 and len(asked["eval"]) > 7
    assert not asked["train"] & asked["eval"]


def test_the_language_is_told_unless_the_agent_knows_it() -> None:
    env: Any = sg.make("code/golf_free", shown=1)
    told, _ = env.reset(seed=0)
    terse, _ = env.reset(seed=0, options={"explain": False})
    numbers, wanted = env.answer.shown[0]
    assert "There is a dial" in told and told.endswith(terse) and terse == f"{numbers}>{wanted}:"


@pytest.mark.parametrize("options", [{"size": 1}, {"shown": 0}, {"hidden": 0}], ids=str)
def test_an_impossible_difficulty_is_a_readable_mistake(options: dict[str, int]) -> None:
    with pytest.raises(sg.UserError, match=next(iter(options))):
        begun(**options)
