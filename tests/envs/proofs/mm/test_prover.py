"""Are theorems proved step by step as they are whole? States, work variables, replays, and what fits a goal."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.library import library
from syllogym.envs.proofs.mm.prover import MetamathProver
from syllogym.envs.proofs.mm.replay import replay
from syllogym.envs.proofs.mm.source import Source
from syllogym.envs.proofs.prover import ProofState, Theorem, WrongStep
from syllogym.errors import UserError

DEBIAN = Path("/usr/share/metamath/databases")


@pytest.fixture(scope="module")
def prover() -> MetamathProver:
    return library("").prover


def prove(prover: MetamathProver, theorem: Theorem, *steps: str) -> ProofState:
    state = prover.open(theorem)
    for step in steps:
        state = prover.apply(state, step)
    return state


def test_goals_are_shown_as_the_database_writes_them(prover: MetamathProver) -> None:
    theorem = Theorem("|- R", "goal", "goal.1 $e |- P $.")
    assert prove(prover, theorem, "mp $ P ( P -> R )").goals == ("|- ( P -> R )", "|- ( ( P -> R ) -> R )")


def test_what_is_not_determined_is_a_work_variable_until_a_step_determines_it(prover: MetamathProver) -> None:
    theorem = Theorem("|- Q", "goal", "goal.1 $e |- P $. goal.2 $e |- ( P -> Q ) $.")
    state = prove(prover, theorem, "mp")
    assert state.goals == ("|- $1", "|- ( $1 -> Q )")
    state = prover.apply(state, "goal.1")
    assert state.goals == ("|- ( P -> Q )",)
    verdict = prover.check(theorem, prover.proof(prover.apply(state, "goal.2")))
    assert verdict.proved and verdict.depends == ("mp",)


def test_a_step_may_name_a_work_variable(prover: MetamathProver) -> None:
    state = prove(prover, Theorem("|- ( P -> P )", "goal"), "mp", "mp $ P ( $1 -> Q )")
    assert state.goals[0] == "|- ( $1 -> Q )"


def test_what_nothing_determines_is_chosen_so_that_variables_stay_apart(prover: MetamathProver) -> None:
    theorem = Theorem("|- x = x", "goal", "$d x y $.")
    state = prove(prover, theorem, *["mp", "eq-exists", "some-use", "mp", "eq-share", "contract"])
    assert not state.goals
    assert prover.check(theorem, prover.proof(state)).proved


def test_a_state_can_be_gone_on_from_twice(prover: MetamathProver) -> None:
    state = prove(prover, prover.theorem("self"), "under")
    one, other = prover.apply(state, "keep"), prover.apply(state, "weaken")
    assert one.goals != other.goals
    assert prover.apply(state, "keep").goals == one.goals
    assert state.goals == ("|- ( P -> $1 )", "|- ( P -> ( $1 -> P ) )")


def test_a_step_that_is_not_taken_says_why(prover: MetamathProver) -> None:
    with pytest.raises(WrongStep, match="keep does not prove the goal: they differ"):
        prove(prover, prover.theorem("peirce"), "keep")


def test_a_theorem_of_ones_own_brings_its_hypotheses(prover: MetamathProver) -> None:
    theorem = Theorem("|- ( P & P )", "mine", "given $e |- P $.")
    assert prover.check(theorem, prover.proof(prove(prover, theorem, "both", "given", "given"))).proved


def test_a_theorem_of_ones_own_brings_no_axioms(prover: MetamathProver) -> None:
    with pytest.raises(UserError, match="no place before a theorem"):
        prover.open(Theorem("|- P", "mine", "cheat $a |- P $."))


def test_a_theorem_under_the_name_of_another_is_refused(prover: MetamathProver) -> None:
    with pytest.raises(UserError, match="another statement"):
        prover.open(Theorem("|- ( P -> Q )", "peirce"))


def test_an_expression_may_not_use_syntax_that_comes_later() -> None:
    text = (
        "$c wff |- & T $. $v P $. p $f wff P $. t $a wff T $. any $a |- T $.\n${ r.1 $e |- P $. r $a |- T $. $}\n"
        "early $p |- T $= any $. new $a wff & T P $."
    )
    prover = MetamathProver(Database.of(Source("small.mm", text)))
    with pytest.raises(WrongStep, match="declared behind the theorem"):
        prove(prover, prover.theorem("early"), "r $ P & T T")


def test_a_proof_that_needs_its_own_goal_on_the_way_is_written_right(prover: MetamathProver) -> None:
    theorem = prover.theorem("self")
    steps = ["mp $ P ( P -> P )", "under", "keep", "keep", "self"]
    with pytest.raises(WrongStep):
        prove(prover, theorem, *steps)
    theorem = Theorem("|- ( P -> P )", "goal")
    assert prover.check(theorem, prover.proof(prove(prover, theorem, *steps))).proved


def test_every_theorem_of_our_own_database_is_proved_by_its_own_steps(prover: MetamathProver) -> None:
    for one in library("").theorems:
        theorem = prover.theorem(one.label)
        state = prove(prover, theorem, *(library("").steps(one.label) or ()))
        assert prover.check(theorem, prover.proof(state)).proved, one.label
    assert len(library("").theorems) >= 100


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="needs Debian's package metamath-databases")
@pytest.mark.parametrize(("name", "many"), [("nf", 200), pytest.param("set", 1_000, marks=pytest.mark.slow)])
def test_theorems_of_debians_databases_are_proved_by_their_own_steps(name: str, many: int) -> None:
    prover = MetamathProver(Database.read(DEBIAN / f"{name}.mm"))
    provable = [one for one in prover.database.theorems if one.type == prover.grammar.provable]
    replayed = 0
    for one in random.Random(0).sample(provable, many + many // 50):
        steps = replay(one, prover.database, prover.grammar.provable)
        if steps is None:
            continue
        theorem = prover.theorem(one.label)
        state = prove(prover, theorem, *steps)
        assert prover.check(theorem, prover.proof(state)).proved, one.label
        replayed += 1
    assert replayed >= many


def test_a_database_without_provable_statements_is_refused() -> None:
    prover = MetamathProver(Database.of(Source("small.mm", "$c wff T $. t $a wff T $. s $p wff T $= t $.")))
    with pytest.raises(UserError, match="cannot be proved by steps"):
        prover.open(prover.theorem("s"))


def test_what_fits_a_goal_proves_it_the_most_particular_first(prover: MetamathProver) -> None:
    retrieval = library("").retrieval
    state = prover.open(prover.theorem("iff-as-and"))
    fitting = retrieval.fitting(state, 8)
    assert fitting[0] == "both-under" and "mp" in fitting
    for label in fitting:
        prover.apply(state, label)


def test_a_statement_said_before_is_noticed(prover: MetamathProver) -> None:
    retrieval = library("").retrieval
    assert retrieval.repeats(prover.open(Theorem("|- ( R -> R )", "goal")))
    assert not retrieval.repeats(prover.open(prover.theorem("peirce")))
