"""Is anything paid that is no proof? Cheats, bombs, and honest proofs beside them."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from syllogym.envs.proofs.prover import Theorem, WrongStep
from syllogym.envs.proofs.rocq import policy
from syllogym.envs.proofs.rocq import prover as prover_module
from syllogym.envs.proofs.rocq.prover import CoqProver
from syllogym.envs.proofs.rocq.sentences import split
from syllogym.envs.values import Fault
from tests.envs.proofs.rocq.cheats import BOMBS, CANARY, CHEATS, FALSE, HONEST, WITHOUT_POLICY
from tests.envs.proofs.rocq.needs import needs_coq

pytestmark = needs_coq

_SECONDS = 1.0


@pytest.fixture(scope="module")
def prover() -> Iterator[CoqProver]:
    prover = CoqProver(seconds=5.0, processes=1)
    yield prover
    prover.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[CoqProver]:
    prover = CoqProver(seconds=_SECONDS, processes=1)
    yield prover
    prover.close()


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_proof_that_cheats_proves_nothing_and_is_told_why(cheat: str, prover: CoqProver) -> None:
    verdict = prover.check(Theorem(FALSE), CHEATS[cheat])
    assert not verdict.proved
    assert verdict.message and verdict.line and verdict.column
    assert not list(Path("/tmp").glob(f"{Path(CANARY).name}*"))


@pytest.mark.parametrize("cheat", CHEATS)
def test_no_step_that_cheats_leaves_no_goal(cheat: str, prover: CoqProver) -> None:
    state = prover.open(Theorem(FALSE))
    try:
        after = prover.apply(state, CHEATS[cheat])
    except WrongStep:
        return
    assert after.goals


@pytest.mark.parametrize("honest", HONEST)
def test_an_honest_proof_is_accepted(honest: str, prover: CoqProver) -> None:
    statement, proof = HONEST[honest]
    verdict = prover.check(Theorem(statement), proof)
    assert verdict.proved, verdict
    assert verdict.depends == ()


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_takes_too_much_is_ended_in_time_and_wrong(bomb: str, hasty: CoqProver) -> None:
    assert hasty.check(Theorem("True"), "exact I.").proved
    began = time.monotonic()
    assert not hasty.check(Theorem(FALSE), BOMBS[bomb]).proved
    assert time.monotonic() - began < 10 * _SECONDS
    assert hasty.check(Theorem("True"), "exact I.").proved


@pytest.mark.parametrize("cheat", WITHOUT_POLICY)
def test_what_the_policy_refuses_the_other_layers_refuse_too(
    cheat: str, prover: CoqProver, monkeypatch: pytest.MonkeyPatch
) -> None:
    theorem = Theorem(FALSE)
    monkeypatch.setattr(prover_module, "body", lambda proof, own: split(proof))
    proof = WITHOUT_POLICY[cheat].replace("NAME", prover_module._name(theorem))
    with contextlib.suppress(Fault):  # it confuses the count of states, as no sentence does that is let through
        assert not prover.check(theorem, proof).proved
    assert not list(Path("/tmp").glob(f"{Path(CANARY).name}*"))


def test_known_scripts_that_cheat_are_refused(shared_data: Path, prover: CoqProver) -> None:
    scripts = json.loads((shared_data / "hostile" / "coq_cheats.json").read_text())["whole_scripts"]
    paid = []
    for name, script in scripts.items():
        stated = [line for line in script if re.match(r"(Theorem|Goal)\b", line)]
        own = re.sub(r"^\w+( \w+)? ?: ?|^Goal ", "", stated[-1])[:-1] if stated else FALSE
        bodies = ["\n".join(script), "\n".join(line for line in script if line not in stated)]
        theorems = [Theorem(FALSE), Theorem(own, preamble="Require Import ZArith. Open Scope Z_scope." * ("Z" in own))]
        if any(prover.check(theorem, body).proved for theorem in theorems for body in bodies):
            paid.append(name)
    assert len(scripts) >= 25 and not paid


def test_every_cheat_that_begins_with_a_command_is_refused_before_coq_sees_it() -> None:
    for cheat, text in CHEATS.items():
        if re.match(r"[A-Z#]", text) and not text.startswith("Proof.\nQed"):
            with pytest.raises(policy.Refused):
                policy.body(text)
                raise AssertionError(cheat)
