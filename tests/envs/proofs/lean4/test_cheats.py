"""Can anything be proved in Lean that should not be? Each of many tries is refused, or judged by Lean's own word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from syllogym.envs.proofs.lean4.policy import Refused, allowed
from syllogym.envs.proofs.lean4.prover import Lean
from syllogym.envs.proofs.lean4.statements import proof_in, read_theorem
from syllogym.envs.proofs.prover import WrongStep
from tests.envs.proofs.lean4.cheats import JUDGED, REFUSED, STEPS, THEOREM

GOAL = read_theorem(f"{THEOREM} sorry")


def test_there_are_many_tries() -> None:
    assert len(REFUSED) + len(JUDGED) + len(STEPS) >= 100


@pytest.mark.parametrize("cheat", REFUSED)
def test_a_cheating_proof_is_not_put_to_lean(cheat: str) -> None:
    with pytest.raises(Refused):
        allowed(proof_in(REFUSED[cheat], GOAL))


@pytest.mark.parametrize("cheat", JUDGED)
def test_a_proof_that_lean_does_not_vouch_for_is_not_proved(cheat: str, modelled: Callable[..., Lean]) -> None:
    proof, told = JUDGED[cheat]
    lean = modelled([{"proof": proof, **told}, {"proof": "honest"}])
    assert not lean.check(GOAL, proof).proved
    assert lean.check(GOAL, "honest").proved


@pytest.mark.parametrize("cheat", STEPS)
def test_a_step_after_which_no_goal_is_left_does_not_complete_a_proof(
    cheat: str, modelled: Callable[..., Lean]
) -> None:
    step, told = STEPS[cheat]
    lean = modelled([{"proof": step, **told}])
    with pytest.raises(WrongStep):
        lean.apply(lean.open(GOAL), step)


def test_a_proof_that_steps_complete_is_checked_anew(modelled: Callable[..., Lean]) -> None:
    row: dict[str, Any] = {"proof": "trick", "axioms": ["Foo.bad"]}
    lean = modelled([row])
    state = lean.apply(lean.open(GOAL), "trick")
    assert state.goals == ()
    assert not lean.check(GOAL, lean.proof(state)).proved


@pytest.mark.parametrize("axioms", [["propext"], ["Classical.choice", "Quot.sound", "propext"], []])
def test_lean_s_own_axioms_may_be_used(axioms: list[str], modelled: Callable[..., Lean]) -> None:
    verdict = modelled([{"proof": "simp", "axioms": axioms}]).check(GOAL, "simp")
    assert verdict.proved
    assert verdict.depends == tuple(axioms)
