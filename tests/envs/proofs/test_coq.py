"""What does the environment of Coq proofs ask, tell and pay?"""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

import syllogym as sg
from syllogym.envs.proofs.rocq.prover import CoqProver
from syllogym.envs.proofs.rocq.theorems import TOPICS, draw_theorem
from syllogym.errors import UserError
from tests.envs.proofs.rocq.needs import needs_coq

ROWS = [
    {"statement": "forall P Q : Prop, P /\\ Q -> Q /\\ P", "proof": "intros P Q [p q].\nsplit; assumption."},
    {"statement": "two + 1 = 3", "preamble": "Definition two := 2."},
]  # fmt: skip


@pytest.fixture
def rows(tmp_path: Path) -> str:
    file = tmp_path / "theorems.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)))
    return str(file)


def at(statement: str, **options: object) -> sg.TextEnv:
    """Return the environment in the first episode that asks for a statement."""
    env = sg.make("proofs/coq", **options)
    for seed in range(200):
        env.reset(seed=seed)
        if env.unwrapped.proven.theorem.statement == statement:
            return env
    raise AssertionError(f"{statement} is never drawn")


def play(env: sg.TextEnv, *replies: str) -> tuple[str, float, dict[str, float]]:
    told, reward, info = "", 0.0, {}
    for reply in replies:
        told, reward, _, _, info = env.step(reply)
    return told, reward, info.get("reward", {})


@needs_coq
def test_the_first_prompt_shows_preamble_and_statement(rows: str) -> None:
    told = at("two + 1 = 3", file=rows).observe("agent")
    assert told.startswith("Definition two := 2.\nProve two + 1 = 3\nReply with the next tactic")


@needs_coq
def test_tactics_prove_and_are_paid_at_the_end(rows: str) -> None:
    env = at(ROWS[0]["statement"], file=rows)
    told, reward, _ = play(env, "Let us see.\nintros P Q [p q]. split.")
    assert told == "Goal\nP, Q : Prop\np : P\nq : Q\n============================\nQ\nthen P" and reward == 0.0
    assert play(env, "exact q", "```coq\nexact p.\n```") == ("", 1.0, {"proved": 1.0})


@needs_coq
def test_a_wrong_tactic_costs_a_turn_and_is_told(rows: str) -> None:
    env = at(ROWS[0]["statement"], file=rows)
    told, reward, _ = play(env, "exact I.")
    assert "expected to have type" in told and told.endswith("forall P Q : Prop, P /\\ Q -> Q /\\ P")
    assert reward == 0.0 and env.turn == 1 and not env.over


@needs_coq
def test_goals_closed_are_paid_at_the_last_turn_where_asked_for(rows: str) -> None:
    env = at(ROWS[0]["statement"], file=rows, process=0.5, max_turns=3)
    assert play(env, "intros P Q [p q]. split.", "exact q.", "exact q.")[2] == {"proved": 0.0, "closed": 0.25}


@needs_coq
def test_a_whole_proof_is_taken_from_the_last_block(rows: str) -> None:
    env = at(ROWS[0]["statement"], file=rows, mode="whole")
    assert play(env, "```\nfail.\n``` or\n```coq\nProof.\ntauto.\nQed.\n```") == ("", 1.0, {"proved": 1.0})


@needs_coq
def test_a_wrong_proof_may_be_mended_where_tries_allow(rows: str) -> None:
    env = at(ROWS[0]["statement"], file=rows, mode="whole", tries=2, process=0.4)
    told, reward, _ = play(env, "intros P Q H.\nexact H.")
    assert told.startswith("Line 2, column 7: In environment") and told.endswith("Try again.") and reward == 0.0
    assert play(env, "intros P Q H.\nsplit.")[2] == {"proved": 0.0, "prefix": pytest.approx(0.4 * 2 / 3)}


@needs_coq
@pytest.mark.parametrize("mode", ["steps", "whole"])
def test_the_solver_proves_what_is_drawn(mode: str) -> None:
    env = sg.make("proofs/coq", mode=mode, size=4)
    for seed in range(6):
        env.reset(seed=seed)
        reward = 0.0
        while not env.over:
            reward = env.step(env.unwrapped.solve())[1]
        assert reward == 1.0


@needs_coq
@pytest.mark.parametrize("topic", TOPICS[1:])
def test_every_drawn_theorem_is_proved_by_the_proof_it_was_drawn_with(topic: str) -> None:
    prover = CoqProver(processes=1)
    for seed in range(24):
        proven = draw_theorem(random.Random(seed), topic, 1 + seed % 8)
        verdict = prover.check(proven.theorem, "\n".join(proven.steps))
        assert verdict.proved, (proven, verdict)
    prover.close()


@pytest.mark.parametrize("topic", TOPICS[1:])
def test_drawn_theorems_are_many(topic: str) -> None:
    drawn = {draw_theorem(random.Random(seed), topic, 3).theorem for seed in range(300)}
    assert len(drawn) > 240


@needs_coq
def test_an_episode_can_be_forked_and_pickled_in_the_middle() -> None:
    env = sg.make("proofs/coq", topic="logic")
    env.reset(seed=1)
    env.step(env.unwrapped.solve())
    twin, saved = env.unwrapped.fork(), env.unwrapped.snapshot()
    said = env.unwrapped.solve()
    told = env.step(said)
    assert twin.step(said)[:2] == told[:2]
    env.unwrapped.restore(saved)
    assert env.step(said)[:2] == told[:2]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "lines"}, "mode is one of steps, whole"),
        ({"topic": "sets"}, "topic is one of mixed, logic"),
        ({"size": 0}, "size is"),
        ({"process": 1.0}, "process is a number from 0"),
        ({"file": "/nowhere.jsonl"}, "There is no file"),
    ],
    ids=["mode", "topic", "size", "process", "file"],
)  # fmt: skip
def test_an_option_that_makes_no_sense_is_told(options: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        sg.make("proofs/coq", **options).reset(seed=0)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"theorem": "1 = 1"}, "Row 1 of .* has no field 'statement'"),
        ({"statement": "1 = 1", "proof": "Admitted."}, "Row 1 of .* has a proof that may not be used: Admitted is no"),
    ],
    ids=["no statement", "a proof that cheats"],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_told_by_row(tmp_path: Path, row: dict[str, str], message: str) -> None:
    file = tmp_path / "theorems.jsonl"
    file.write_text(json.dumps(row))
    with pytest.raises(UserError, match=message):
        sg.make("proofs/coq", file=str(file)).reset(seed=0)
