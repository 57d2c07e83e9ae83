"""Is a theorem of Lean asked for, proved, refused and repaired as it should be? Tried with a stand-in for Lean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.doctor import diagnose
from syllogym.envs.proofs.lean4.rows import SAMPLE, read_exercises
from syllogym.errors import UserError
from tests.envs.proofs.lean4.conftest import command

LEAN = {"lean": command("modelled_repl.py", SAMPLE), "isolation": "process"}


def begin(seed: int = 0, **options: Any) -> Any:
    env = sg.make("proofs/lean", **LEAN, **options)
    env.reset(seed=seed)
    return env


@pytest.mark.parametrize("options", [{}, {"mode": "steps"}, {"reasoning": True}], ids=str)
def test_the_known_proofs_of_our_own_theorems_are_paid(options: dict[str, Any]) -> None:
    env = begin(**options)
    for seed in range(20):
        env.reset(seed=seed)
        while not env.over:
            _, reward, *_ = env.step(env.solve())
        assert reward == 1.0


def test_the_theorem_is_told_in_words_and_in_lean() -> None:
    env = sg.make("proofs/lean", **LEAN)
    prompt, _ = env.reset(seed=0)
    exercise = env.exercise
    assert prompt.startswith(exercise.words)
    assert f"theorem {exercise.theorem.name} {exercise.theorem.statement} := by" in prompt


def test_a_wrong_proof_is_told_its_error_and_can_be_repaired() -> None:
    env = begin(tries=3)
    told, reward, *_ = env.step("```lean4\nsimp\n```")
    assert told.startswith("Line 1 of the proof, column 1: unsolved goals")
    assert reward == 0.0
    told, *_ = env.step("sorry")
    assert "refused: the word sorry" in told
    assert env.step(env.solve())[1:3] == (1.0, True)


def test_the_last_try_ends_the_episode() -> None:
    env = begin(tries=2, process=0.5)
    env.step("simp")
    _, reward, over, *_ = env.step("simp\nsimp")
    assert over
    assert reward == 0.0


def test_a_wrong_tactic_leaves_the_goals_as_they_are() -> None:
    env = begin(mode="steps")
    goals = env.state.goals
    told, reward, over, *_ = env.step("nonsense")
    assert "failed" in told and told.endswith("\n\n".join(goals))
    assert (reward, over) == (0.0, False)
    assert env.step("```\n" + env.solve() + "\n```")[1] == 1.0


def test_reasoning_that_does_not_keep_the_pattern_is_not_paid_even_with_a_proof() -> None:
    env = begin(reasoning=True)
    _, reward, _, _, info = env.step(f"```lean4\n{env.exercise.proof}\n```")
    assert reward == 0.0
    assert "does not begin" in info["wrong"]


def test_another_statement_is_not_taken() -> None:
    env = begin()
    name = env.exercise.theorem.name
    _, reward, _, _, info = env.step(f"```lean4\ntheorem {name} : True := by\n  {env.exercise.proof}\n```")
    assert reward == 0.0
    assert "statement" in info["wrong"]


def test_a_fork_goes_its_own_way() -> None:
    env = begin(seed=3, mode="steps")
    other = env.fork()
    env.step("nonsense")
    for one in (other, env):
        while not one.over:
            _, reward, *_ = one.step(one.solve())
        assert reward == 1.0


def test_who_has_no_lean_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYLLOGYM_LEAN", raising=False)
    with pytest.raises(UserError, match=r"\$SYLLOGYM_LEAN"):
        sg.make("proofs/lean").reset(seed=0)


def test_the_doctor_tells_once_that_there_is_no_lean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYLLOGYM_LEAN", raising=False)
    told = [finding for finding in diagnose("proofs/lean").findings if finding.status == "FAIL"]
    assert len(told) == 1
    assert "cannot be begun: No Lean is named" in told[0].reason


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"mode": "whole-proof"}, "mode"),
        ({"process": 1.0}, "process"),
        ({"tries": 0}, "tries"),
        ({"mode": "steps", "reasoning": True}, "reasoning"),
        ({"preset": "minif2f"}, "name a file"),
        ({"preset": "mini"}, "minif2f"),
    ],
    ids=str,
)
def test_a_wrong_option_is_told(options: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        begin(**options)


SETS = (
    ("minif2f", "minif2f/minif2f_lean4_yangky11.jsonl", 258, 0),
    ("minif2f", "minif2f/minif2f_lean4_deepseek.jsonl", 258, 258),
    ("proofnet", "proofnet/proofnet_lean4_deepseek.jsonl", 175, 175),
    ("putnambench", "putnambench/putnam_lean4.jsonl", 319, 318),
)


@pytest.mark.parametrize(("preset", "name", "rows", "told"), SETS, ids=[one[1].partition("/")[2] for one in SETS])
def test_the_rows_of_well_known_sets_become_theorems(
    preset: str, name: str, rows: int, told: int, shared_data: Path
) -> None:
    (path,) = (shared_data / "data").glob(f"{name}*")
    found = read_exercises(preset, str(path), "")
    assert len(found) == rows
    assert sum(bool(one.words) for one in found) == told
    assert all(one.theorem.name in path.read_text(encoding="utf-8") for one in found)
    assert not any("sorry" in one.theorem.statement + one.theorem.preamble for one in found)


def test_the_rows_of_one_split_are_those_that_name_it(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {"split": split, "lean4": f"theorem {split}{at} : True := by sorry"}
        for split in ("test", "valid")
        for at in (1, 2)
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    assert [one.theorem.name for one in read_exercises("", str(path), "valid")] == ["valid1", "valid2"]
    with pytest.raises(UserError, match="split 'train'"):
        read_exercises("", str(path), "train")


def test_a_row_that_is_no_theorem_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"lean4": "theorem a : True := by sorry"}\n{"lean4": "theorem b : True := by trivial"}\n')
    with pytest.raises(UserError, match=r"Row 2 of .*rows.jsonl"):
        read_exercises("", str(path), "")
