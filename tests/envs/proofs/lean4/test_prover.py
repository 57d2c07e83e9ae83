"""Does the prover keep preambles, states and processes as it says?"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from syllogym.envs.proofs.lean4.policy import Refused
from syllogym.envs.proofs.lean4.pool import MOST_USES
from syllogym.envs.proofs.lean4.prover import Lean
from syllogym.envs.proofs.lean4.statements import proof_in, read_theorem, theorem_text
from syllogym.envs.proofs.prover import Theorem, WrongStep
from syllogym.errors import UserError

GOAL = Theorem("(p : Prop)\n  (h : p) : p", "self", "import Mathlib\nopen Nat")
ROWS = [{"proof": "intro a\nintro b\nexact h"}, {"proof": "exact h"}]


def test_a_proof_may_be_said_alone_or_with_its_theorem(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS)
    stated = "import Mathlib\n\n/- words -/ theorem self (p : Prop)\n(h : p) : p"
    whole = f"{stated} := by\n    intro a -- one\n    intro b\n    exact h"
    for proof in ("exact h", "  intro a\n  intro b\n  exact h", whole):
        assert lean.check(GOAL, proof).proved


def test_an_error_is_told_with_its_place_in_the_proof_and_without_the_secret_name(
    modelled: Callable[..., Lean],
) -> None:
    lean = modelled(
        [{"proof": "one\ntwo", "messages": [{"severity": "error", "pos": {"line": 4, "column": 3}, "data": "no"}]}]
    )
    verdict = lean.check(GOAL, "one\ntwo")
    assert (verdict.line, verdict.column, verdict.message, verdict.valid_steps) == (2, 2, "no", 1)


def test_steps_can_be_gone_on_from_more_than_once(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS)
    opened = lean.open(GOAL)
    first = lean.apply(opened, "intro a")
    assert first.goals == ("⊢ True",)
    assert lean.apply(opened, "exact h").goals == ()
    last = lean.apply(lean.apply(first, "intro b"), "exact h")
    assert last.goals == ()
    assert lean.check(GOAL, lean.proof(last)).proved
    with pytest.raises(WrongStep, match="failed"):
        lean.apply(first, "exact nonsense")


def test_a_state_outlives_its_process_and_can_be_copied(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS)
    state = lean.apply(lean.open(GOAL), "intro a")
    state = pickle.loads(pickle.dumps(copy.deepcopy(state)))
    lean.close()
    assert lean.apply(lean.apply(state, "intro b"), "exact h").goals == ()


def test_a_preamble_is_read_once_a_process(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS)
    for _ in range(3):
        lean.check(GOAL, "exact h")
    with lean.pool.session() as session:
        assert session.uses == 1 + 3 * 2


def test_a_process_that_has_been_used_much_is_replaced(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS)
    with lean.pool.session() as session:
        session.uses, first = MOST_USES, session.number
    with lean.pool.session() as session:
        assert session.number != first
        assert session.uses == 0


def test_a_process_that_has_grown_is_replaced(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS, memory=1)
    with lean.pool.session() as session:
        first = session.number
    with lean.pool.session() as session:
        assert session.number != first


def test_proofs_checked_at_once_share_the_processes(modelled: Callable[..., Lean]) -> None:
    lean = modelled(ROWS, size=2)
    with ThreadPoolExecutor(6) as threads:
        verdicts = list(threads.map(lambda proof: lean.check(GOAL, proof).proved, ["exact h", "nonsense"] * 12))
    assert verdicts == [True, False] * 12


def test_a_statement_lean_does_not_take_is_the_user_s_mistake(modelled: Callable[..., Lean]) -> None:
    lean = modelled([])
    with pytest.raises(UserError, match="does not take the preamble"):
        lean.open(Theorem(": True", preamble="nonsense"))
    with pytest.raises(UserError, match="does not take the statement"):
        lean.open(Theorem("", "bad"))


@pytest.mark.parametrize(
    ("text", "name", "statement", "preamble"),
    [
        ("theorem t : 1 = 1 := by sorry", "t", ": 1 = 1", ""),
        (
            "import A\n\n/-- The theorem. -/\ntheorem t (h : x := 3) : p :=\nsorry\n",
            "t",
            "(h : x := 3) : p",
            "import A",
        ),
        ("lemma a : q := by simp\ntheorem b(n : Nat) : p := by\n", "b", "(n : Nat) : p", "lemma a : q := by simp"),
        ("abbrev s : Nat := sorry\n-- 3 + 1\ntheorem t : s = 4 := sorry", "t", ": s = 4", "abbrev s : Nat := 3 + 1"),
    ],
)
def test_a_theorem_is_read_from_a_text(text: str, name: str, statement: str, preamble: str) -> None:
    assert read_theorem(text) == Theorem(statement, name, preamble)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "theorem t : 1 = 1 := by rfl",
        "def f : Nat := sorry",
        "abbrev s : Nat := sorry\ntheorem t : s = 4 := sorry",
        "/- theorem t : p := sorry",
    ],
)
def test_a_text_without_an_open_theorem_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="Lean text"):
        read_theorem(text)


def test_a_proof_by_a_term_becomes_one_by_a_tactic() -> None:
    assert proof_in("theorem self (p : Prop) (h : p) : p := h", GOAL) == "exact (\nh\n)"
    with pytest.raises(Refused, match="is not the one"):
        proof_in("theorem self (p : Prop) (h : p) : p ∧ p := h", GOAL)
    with pytest.raises(Refused, match="proves other"):
        proof_in("theorem other (p : Prop) (h : p) : p := h", GOAL)


def test_a_theorem_is_written_with_its_proof_set_in() -> None:
    assert theorem_text(Theorem(": p", "t"), "a\n  b\n\nc") == "theorem t : p := by\n  a\n    b\n\n  c"
