"""Does Lean itself say what the stand-in says? Runs where $SYLLOGYM_LEAN names one."""

from __future__ import annotations

import os

import pytest

from syllogym.envs.proofs.lean4.choice import lean_prover
from syllogym.envs.proofs.lean4.rows import read_exercises
from syllogym.envs.proofs.lean4.statements import read_theorem
from syllogym.envs.proofs.prover import WrongStep
from syllogym.errors import UserError
from tests.envs.proofs.lean4.cheats import JUDGED, REFUSED, THEOREM

pytestmark = [
    pytest.mark.lean,
    pytest.mark.skipif(not os.environ.get("SYLLOGYM_LEAN"), reason="$SYLLOGYM_LEAN names no Lean"),
]
GOAL = read_theorem(f"{THEOREM} sorry")


@pytest.mark.parametrize("exercise", read_exercises("", "", ""), ids=lambda one: one.theorem.name)
def test_our_theorems_are_proved_by_their_proofs(exercise: object) -> None:
    lean = lean_prover("", "", "auto", 60.0)
    verdict = lean.check(exercise.theorem, exercise.proof)  # type: ignore[attr-defined]
    assert verdict.proved, verdict.message


@pytest.mark.parametrize("exercise", read_exercises("", "", ""), ids=lambda one: one.theorem.name)
def test_our_theorems_are_proved_step_by_step(exercise: object) -> None:
    lean = lean_prover("", "", "auto", 60.0)
    state = lean.open(exercise.theorem)  # type: ignore[attr-defined]
    for step in exercise.proof.split("\n"):  # type: ignore[attr-defined]
        state = lean.apply(state, step)
    assert state.goals == ()


@pytest.mark.parametrize("cheat", [*REFUSED.values(), *(proof for proof, _ in JUDGED.values())])
def test_no_cheat_proves_that_one_is_two(cheat: str) -> None:
    assert not lean_prover("", "", "auto", 60.0).check(GOAL, cheat).proved


def test_a_step_that_leaves_a_hole_is_wrong() -> None:
    lean = lean_prover("", "", "auto", 60.0)
    with pytest.raises((WrongStep, UserError)):
        lean.apply(lean.open(GOAL), "exact my_fake_premise")
