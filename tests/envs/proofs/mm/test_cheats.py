"""Can anything be proved that should not be? Proofs and steps that cheat, none of which may prove its theorem."""

from __future__ import annotations

import random
import string
import time

import pytest

import syllogym as sg
from syllogym.envs.proofs.mm.library import library
from syllogym.envs.proofs.mm.prover import MetamathProver
from syllogym.envs.proofs.prover import ProofState, Theorem, WrongStep

FALSE = Theorem("|- ( P -> Q )", "goal")
"""No proof of it is one."""

GIVEN = Theorem("|- Q", "goal", "goal.1 $e |- P $. goal.2 $e |- ( P -> Q ) $.")
BOUND = Theorem("|- ( x = y -> all x x = y )", "goal")
"""Follows from `all-keep` for those alone who overlook its $d."""

PROOFS = {
    "nothing": (FALSE, ""),
    "white space": (FALSE, " \n\t "),
    "an unknown proof": (FALSE, "?"),
    "an unknown compressed proof": (FALSE, "( ) ?"),
    "an unknown step": (GIVEN, "form-P form-Q ? goal.2 mp"),
    "an unknown letter": (GIVEN, "( mp ) AB?DE"),
    "itself by the name asked for": (FALSE, "form-P form-Q goal"),
    "itself in the database": ("peirce", "form-P form-Q peirce"),
    "itself, compressed": ("peirce", "( peirce ) ABC"),
    "a later theorem": ("or-swap", "form-P form-Q or-commutes forth"),
    "a later theorem, compressed": ("or-swap", "( is-or or-commutes forth ) ABCBACABDE"),
    "a later axiom's name": (FALSE, "form-P form-Q goal-axiom"),
    "an axiom of its own": (FALSE, "$. cheat $a |- ( P -> Q ) $. goal2 $p |- ( P -> Q ) $= cheat"),
    "an axiom in the middle": (FALSE, "form-P form-Q cheat $a |- ( P -> Q ) $."),
    "an end of the statement": (FALSE, "form-P $."),
    "an end of the block": (FALSE, "form-P $. $}"),
    "a begin of a block": (FALSE, "${ form-P"),
    "a second proof": (FALSE, "? $= form-P"),
    "a comment": (FALSE, "form-P $( form-Q $) form-Q"),
    "a comment that is closed only": (FALSE, "$) $. cheat $a |- ( P -> Q ) $. $("),
    "a comment without end": (FALSE, "form-P $("),
    "an included file": (FALSE, "$[ /etc/passwd $]"),
    "an included database": (FALSE, "$[ logic.mm $] form-P"),
    "a symbol declared again": (FALSE, "$c -> $. form-P"),
    "a variable declared again": (FALSE, "$v P $. form-P"),
    "a hypothesis of its own": (FALSE, "cheat $e |- ( P -> Q ) $. cheat"),
    "a type of its own": (FALSE, "cheat $f |- P $."),
    "variables declared apart": (BOUND, "$d x P $. form-P"),
    "a hypothesis of another theorem": (FALSE, "weaken.1"),
    "a hypothesis of an axiom": (FALSE, "form-P form-Q mp.2"),
    "a hypothesis listed that is another's": (FALSE, "( weaken.1 ) C"),
    "a formula, which is no proof": (FALSE, "form-P form-Q is-imp"),
    "a formula, compressed": (FALSE, "( is-imp ) ABC"),
    "a type for a proof": (GIVEN, "form-P form-Q form-P goal.2 mp"),
    "hypotheses in the wrong order": (GIVEN, "form-P form-Q goal.2 goal.1 mp"),
    "variables in the wrong order": (GIVEN, "form-Q form-P goal.1 goal.2 mp"),
    "a hypothesis left out": (GIVEN, "form-P form-Q goal.2 mp"),
    "nothing to take": (FALSE, "mp"),
    "nothing to take, compressed": (FALSE, "( mp ) C"),
    "more than one left": (GIVEN, "goal.1 form-P form-Q goal.1 goal.2 mp"),
    "a hypothesis for the theorem": (GIVEN, "goal.1"),
    "another theorem": (FALSE, "form-P self"),
    "the theorem of other variables": ("self", "form-Q form-Q form-Q keep"),
    "the converse": (FALSE, "form-Q form-P keep"),
    "variables not apart": (BOUND, "var-x var-y is-eq var-x all-keep"),
    "variables not apart, compressed": (BOUND, "( is-eq all-keep ) ABCAD"),
    "apart from what is hidden in a proof": (
        Theorem("|- ( some x x = y -> x = y )", "goal"), "( is-eq some-drop ) ABCAD"),
    "a number too high": (FALSE, "( keep ) D"),
    "a number far too high": (FALSE, "( keep ) " + "Y" * 5_000 + "A"),
    "a number cut short": (FALSE, "( keep ) ABU"),
    "a negative number": (FALSE, "( keep ) -1"),
    "nothing kept": (FALSE, "( keep ) Z"),
    "kept before the step": (FALSE, "( is-imp ) ZABCD"),
    "a hypothesis kept as another": (FALSE, "( keep ) AZBZC"),
    "small letters": (FALSE, "( keep ) abc"),
    "letters of another script": (FALSE, "( keep ) \u0410\u0412C"),
    "wide letters": (FALSE, "( keep ) \uff21\uff22C"),
    "a space of no width": (FALSE, "( keep ) A\u200bBC"),
    "a null": (FALSE, "( keep ) A\x00BC"),
    "a vertical tab": (FALSE, "form-P\x0bform-Q"),
    "half a character": (FALSE, "\ud800"),
    "a mandatory hypothesis listed": (FALSE, "( form-P form-Q ) AB"),
    "a list without end": (FALSE, "( keep mp ABC"),
    "a list in a list": (FALSE, "( ( keep ) ) ABC"),
    "two lists": (FALSE, "( keep ) ABC ( mp ) D"),
    "a label in capitals": (FALSE, "form-P form-Q KEEP"),
    "a label with its path": (FALSE, "form-P form-Q ./keep"),
    "a symbol for a label": (FALSE, "P Q ->"),
    "the statement": (FALSE, "|- ( P -> Q )"),
    "a verdict": (FALSE, "proved=True"),
    "a template": (FALSE, "{0.__class__} %s %n"),
    "formulas that double": (FALSE, "( is-imp ) AACZ" + "".join(f"{x}{x}CZ" for x in string.ascii_uppercase[3:20])
                             + "".join(f"U{x}U{x}CZ" for x in string.ascii_uppercase[:20])),
    "a million labels": (FALSE, "form-P " * 120_000),
    "too many characters": (FALSE, "A" * 1_000_001),
    "a list of many labels": (FALSE, "( " + "keep " * 150_000 + ") A"),
}  # fmt: skip

STEPS = {
    "nothing": (FALSE, [""]),
    "an unknown step": (FALSE, ["?"]),
    "itself": ("peirce", ["peirce"]),
    "a later theorem": ("or-swap", ["forth", "or-commutes"]),
    "a hypothesis of another theorem": (FALSE, ["weaken.1"]),
    "a formula": (FALSE, ["is-imp"]),
    "a type": (FALSE, ["form-P"]),
    "an axiom of its own": (FALSE, ["cheat $a |- ( P -> Q ) $."]),
    "a dollar alone": (FALSE, ["keep $"]),
    "no dollar": (FALSE, ["keep P Q"]),
    "an unknown expression": (FALSE, ["mp $ P ?"]),
    "a symbol of nobody": (FALSE, ["mp $ P false"]),
    "an expression of another type": (FALSE, ["mp $ P x"]),
    "half an expression": (FALSE, ["mp $ P ( P ->"]),
    "two expressions": (FALSE, ["mp $ P P P"]),
    "a variable of another statement": (FALSE, ["mp $ R P"]),
    "a variable chosen twice": (FALSE, ["mp $ P P $ P Q"]),
    "a choice against the goal": (FALSE, ["keep $ P Q $ Q P"]),
    "a work variable of nobody": (FALSE, ["mp $ P $7"]),
    "work variable zero": (FALSE, ["mp $ P $0"]),
    "a character beyond all symbols": (FALSE, ["mp $ P \U000f0000"]),
    "variables not apart": (BOUND, ["all-keep"]),
    "variables not apart, by a work variable": (BOUND, ["chain", "self", "all-keep"]),
    "a hypothesis with a choice": (GIVEN, ["mp", "goal.1 $ P P"]),
    "a hypothesis that is another": (GIVEN, ["mp", "goal.2", "goal.2"]),
    "a formula that holds itself": (FALSE, ["mp", "mp", "self", "contract", "weaken"]),
    "a deep expression": (FALSE, ["mp $ P " + "~ " * 4_000 + "P"]),
    "a long expression": (FALSE, ["mp $ P " + "( P -> " * 3_000 + "P" + " )" * 3_000]),
}


@pytest.fixture(scope="module")
def prover() -> MetamathProver:
    return library("").prover


def asked(prover: MetamathProver, theorem: Theorem | str) -> Theorem:
    return prover.theorem(theorem) if isinstance(theorem, str) else theorem


@pytest.mark.parametrize("cheat", PROOFS)
def test_a_proof_that_cheats_proves_nothing_and_is_told_why(cheat: str, prover: MetamathProver) -> None:
    theorem, proof = PROOFS[cheat]
    began = time.process_time()
    verdict = prover.check(asked(prover, theorem), proof)
    assert not verdict.proved
    assert verdict.message and verdict.line and verdict.column
    assert time.process_time() - began < 5


def test_the_theorems_that_cheats_are_asked_for_can_be_given_a_right_proof(prover: MetamathProver) -> None:
    assert prover.check(GIVEN, "form-P form-Q goal.1 goal.2 mp").proved
    assert prover.check(prover.theorem("self"), library("").theorem("self").proof).proved


@pytest.mark.parametrize("cheat", STEPS)
def test_steps_that_cheat_are_not_taken(cheat: str, prover: MetamathProver) -> None:
    theorem, steps = STEPS[cheat]
    state = prover.open(asked(prover, theorem))
    with pytest.raises(WrongStep):
        for step in steps:
            state = prover.apply(state, step)
    assert state.goals


@pytest.mark.parametrize("cheat", [name for name, (theorem, _) in PROOFS.items() if theorem is FALSE])
def test_an_environment_pays_nothing_for_it(cheat: str) -> None:
    env = sg.make("proofs/metamath", mode="whole", steps=(3, 6))
    env.reset(seed=1)
    assert env.step(PROOFS[cheat][1])[1] == 0.0


@pytest.mark.parametrize("seed", range(10))
def test_what_random_steps_prove_the_kernel_accepts_and_nothing_false_is(seed: int, prover: MetamathProver) -> None:
    rng, retrieval = random.Random(seed), library("").retrieval
    theorems = [FALSE, BOUND, *(prover.theorem(one.label) for one in library("").theorems[seed::20])]
    for theorem in theorems:
        for _ in range(2):
            state: ProofState = prover.open(theorem)
            for _ in range(25):
                if not state.goals or len(state.goals) > 12:
                    break
                labels = retrieval.fitting(state, 12) or ["self", "keep"]
                try:
                    state = prover.apply(state, rng.choice(labels))
                except WrongStep:
                    continue
            if not state.goals:
                assert theorem not in (FALSE, BOUND)
                assert prover.check(theorem, prover.proof(state)).proved
