"""Does the Coq prover do what every prover promises? States, positions, preambles, axioms, going on from anywhere."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from syllogym.envs.proofs.prover import ProofState, Theorem, WrongStep
from syllogym.envs.proofs.rocq.prover import CoqProver
from syllogym.errors import UserError
from tests.envs.proofs.rocq.needs import needs_coq

pytestmark = needs_coq

SWAP = Theorem("forall P Q : Prop, P /\\ Q -> Q /\\ P")


@pytest.fixture(scope="module")
def prover() -> Iterator[CoqProver]:
    prover = CoqProver(processes=1)
    yield prover
    prover.close()


def prove(prover: CoqProver, theorem: Theorem, *steps: str) -> ProofState:
    state = prover.open(theorem)
    for step in steps:
        state = prover.apply(state, step)
    return state


def test_goals_are_shown_with_their_hypotheses_the_one_in_focus_first(prover: CoqProver) -> None:
    state = prove(prover, SWAP, "intros P Q [p q].", "split.")
    rule = "=" * 28
    assert state.goals == (f"P, Q : Prop\np : P\nq : Q\n{rule}\nQ", f"P, Q : Prop\np : P\nq : Q\n{rule}\nP")


def test_goals_out_of_focus_are_shown_behind(prover: CoqProver) -> None:
    state = prove(prover, SWAP, "intros P Q [p q].", "split.", "-", "exact q.")
    assert len(state.goals) == 1 and state.goals[0].endswith("P")


def test_nothing_is_left_of_a_proof_that_is_done(prover: CoqProver) -> None:
    state = prove(prover, SWAP, "intros P Q [p q].", "split; assumption.")
    assert state.goals == ()
    assert prover.check(SWAP, prover.proof(state)).proved


def test_a_state_can_be_gone_on_from_again_and_is_never_changed(prover: CoqProver) -> None:
    state = prove(prover, SWAP, "intros P Q [p q].")
    one, other = prover.apply(state, "split."), prover.apply(state, "exact (conj q p).")
    assert len(one.goals) == 2 and not other.goals and len(state.goals) == 1
    assert len(prover.apply(one, "exact q.").goals) == 1
    assert prover.apply(state, "split.") == one


def test_a_state_survives_its_process_and_a_pickle(prover: CoqProver) -> None:
    state = pickle.loads(pickle.dumps(prove(prover, SWAP, "intros P Q [p q].", "split.")))
    prover.close()
    assert len(prover.apply(state, "exact q.").goals) == 1


def test_states_of_two_theorems_take_turns(prover: CoqProver) -> None:
    one, other = prove(prover, SWAP, "intros P Q [p q]."), prove(prover, Theorem("True /\\ True"), "split.")
    one, other = prover.apply(one, "split."), prover.apply(other, "exact I.")
    assert len(one.goals) == 2 and len(other.goals) == 1


def test_a_step_may_be_several_tactics_and_lack_its_full_stop(prover: CoqProver) -> None:
    assert len(prove(prover, SWAP, "intros P Q [p q]. split").goals) == 2


@pytest.mark.parametrize(
    ("step", "message", "place"),
    [
        ("exact r.", "The reference r was not found", (1, 7)),
        ("intros P Q.\n  exact r.", "The reference r was not found", (2, 9)),
        ("(* \u00e9\u00e9 *) intros \u03b1 \u03b2. exact r.", "The reference r was not found", (1, 28)),
        ("intros P Q. reflexivity.", "relation", (1, 13)),
        ("intros P Q. ) .", "A step begins with a tactic", (1, 13)),
        ("intros P Q; ; .", "Syntax error", (1, 13)),
        ("", "There is no tactic", (None, None)),
        ("Abort.", "Abort is no tactic that may be used", (1, 1)),
    ],
    ids=["name", "second line", "letters of two bytes", "second tactic", "bracket", "syntax", "nothing", "policy"],
)  # fmt: skip
def test_a_wrong_step_says_why_and_where(
    prover: CoqProver, step: str, message: str, place: tuple[int | None, int | None]
) -> None:
    state = prover.open(SWAP)
    with pytest.raises(WrongStep, match=message) as wrong:
        prover.apply(state, step)
    assert (wrong.value.line, wrong.value.column) == place
    assert len(prover.apply(state, "intros P Q [p q].").goals) == 1


def test_a_wrong_proof_is_told_its_place_and_how_much_is_right(prover: CoqProver) -> None:
    verdict = prover.check(SWAP, "Proof.\nintros P Q [p q].\nsplit.\n- exact q.\n- exact q.\nQed.")
    assert not verdict.proved and (verdict.line, verdict.column, verdict.valid_steps) == (5, 9, 5)
    assert 'has type "Q" while it is expected to have type "P"' in verdict.message


def test_the_first_thing_wrong_counts_even_when_a_later_one_cannot_be_read(prover: CoqProver) -> None:
    verdict = prover.check(SWAP, "intros P Q [p q].\nexact r.\nsplit; ; .")
    assert (verdict.line, verdict.valid_steps) == (2, 1)


def test_a_proof_that_stops_early_says_so(prover: CoqProver) -> None:
    verdict = prover.check(SWAP, "intros P Q [p q].\nsplit.")
    assert not verdict.proved and "incomplete proof" in verdict.message and verdict.valid_steps == 2


def test_a_preamble_brings_imports_definitions_notation_and_tactics(prover: CoqProver) -> None:
    preamble = (
        "Require Import List. Import ListNotations. (* trusted. *)\n"
        'Definition two := 2. Notation "[| x |]" := (two + x).\nLtac finish := reflexivity.'
    )
    theorem = Theorem("[| 1 |] = length [1; 2; 3]", preamble=preamble)
    assert prover.check(theorem, "unfold two. finish.").proved
    assert not prover.check(Theorem("3 = 3"), "finish.").proved


def test_what_one_theorem_brings_another_does_not_see(prover: CoqProver) -> None:
    brought = Theorem("secret = 1", preamble="Definition secret := 1.")
    assert prover.check(brought, "reflexivity.").proved
    with pytest.raises(UserError, match=r"does not take the statement of goal: .*secret was not found"):
        prover.check(Theorem("secret = 1"), "reflexivity.")


@pytest.mark.parametrize(
    ("theorem", "message"),
    [
        (Theorem("nonsense"), "does not take the statement of goal: .*nonsense was not found"),
        (Theorem("1 = 1). Theorem x : (False"), "is more than one sentence"),
        (Theorem("1 = 1", preamble="Require Import Nowhere."), "Import Nowhere.' of the preamble: Cannot find"),
        (Theorem("1 = 1", preamble="(* "), "cannot be read: A comment does not end"),
    ],
    ids=["statement", "two", "preamble", "comment"],
)  # fmt: skip
def test_a_theorem_that_is_none_is_the_users_mistake(prover: CoqProver, theorem: Theorem, message: str) -> None:
    with pytest.raises(UserError, match=message):
        prover.open(theorem)
    assert prover.check(SWAP, "tauto.").proved


def test_axioms_that_a_proof_rests_on_are_named_and_those_of_everyday_mathematics_are_allowed(
    prover: CoqProver,
) -> None:
    theorem = Theorem("forall P : Prop, ~ ~ P -> P", preamble="Require Import Classical.")
    verdict = prover.check(theorem, "intros P H. destruct (classic P); tauto.")
    assert verdict.proved and verdict.depends == ("classic",)


def test_an_axiom_of_a_preamble_must_be_allowed_by_name(prover: CoqProver) -> None:
    theorem = Theorem("1 = 2", preamble="Axiom odd : 1 = 2.")
    verdict = prover.check(theorem, "exact odd.")
    assert not verdict.proved and verdict.depends == ("odd",) and "rests on what is not allowed: odd" in verdict.message
    lenient = CoqProver(processes=1, axioms=("odd",))
    assert lenient.check(theorem, "exact odd.").proved
    lenient.close()


def test_checks_that_a_preamble_switches_off_show_in_the_audit(prover: CoqProver) -> None:
    preamble = "Unset Guard Checking. Fixpoint f (n : nat) : False := f n. Set Guard Checking."
    verdict = prover.check(Theorem("1 = 2", preamble=preamble), "destruct (f 0).")
    assert not verdict.proved and "f is assumed to be guarded." in verdict.depends
