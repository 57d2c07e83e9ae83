"""Is a proof paid only where the reasoning that leads to it, with its snippets, keeps the pattern?"""

from __future__ import annotations

import random
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.proofs.interleaving import interleaved, kept
from syllogym.errors import UserError

GOOD = "<think>\nwords\n```tactics\na\nb\n```\nmore\n```tactics\nc\n```\n</think>\n```lean4\na\n b\nc\n```"


def test_snippets_and_proof_are_found() -> None:
    assert interleaved(GOOD) == (("a\nb\n", "c\n"), "a\n b\nc", "")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("", "does not begin"),
        (GOOD.removeprefix("<think>"), "does not begin"),
        (GOOD.replace("</think>", ""), "does not begin"),
        (f"Sure.\n{GOOD}", "does not begin"),
        (f"{GOOD}\n<think>\n</think>", "does not begin"),
        (GOOD.replace("tactics", "lean4"), "no ```tactics"),
        ("<think>\nwords\n```tactics\n\n```\n</think>\n```lean4\na\n```", "no ```tactics"),
        ("<think>\n```tactics\na\n```\n</think>\na", "no ```lean4"),
        ("<think>\n```tactics\na\n```\n</think>\n```lean4\n\n```", "no ```lean4"),
        ("<think>\n```tactics\na\n```\n</think>\n```lean4\na", "no ```lean4"),
        (GOOD.replace(" b\nc\n```", " x\ny\n```"), "less than 60%"),
    ],
)
def test_a_reply_that_does_not_keep_the_pattern_is_told_why(reply: str, told: str) -> None:
    assert told in interleaved(reply).wrong


def test_a_line_counts_as_often_as_it_stands_in_the_proof() -> None:
    assert kept(("a\na\na\na\n",), "a") == 0.25
    assert kept(("a", "b"), "b\na") == 1.0


def test_the_last_block_is_the_proof() -> None:
    assert interleaved(f"{GOOD}\n```lean4\na\nb\nc\nd\n```").proof == "a\nb\nc\nd"


def begin(seed: int = 0, **options: Any) -> Any:
    env = sg.make("proofs/interleaved", **options)
    env.reset(seed=seed)
    return env


@pytest.mark.parametrize("options", [{}, {"steps": 1, "traps": 0}, {"steps": 6, "traps": 4, "detours": 2}], ids=str)
def test_the_solver_s_reasoning_leads_to_a_proof(options: dict[str, Any]) -> None:
    env = begin(**options)
    for seed in range(40):
        env.reset(seed=seed)
        assert env.step(env.solve())[1:3] == (1.0, True)


def test_a_wrong_line_is_told_and_can_be_repaired() -> None:
    env = begin(steps=2)
    place = len(env.premises) + 1
    wrong = f"{place}. z by impE 1, 2"
    told, reward, over, *_ = env.step(f"<think>\n```tactics\n{wrong}\n```\n</think>\n```proof\n{wrong}\n```")
    assert told.startswith(f"Line {place}: ")
    assert "Prove " in told
    assert (reward, over) == (0.0, False)
    assert env.step(env.solve())[1:3] == (1.0, True)


def test_the_pattern_alone_is_paid_its_share_and_a_proof_without_it_nothing() -> None:
    env = begin(tries=1, format=0.25)
    assert env.step("<think>\n```tactics\nx\n```\n</think>\n```proof\nx\n```")[1] == 0.25
    env.reset(seed=1)
    proof = env.solve().rpartition("</think>\n")[2]
    assert env.step(proof)[1] == 0.0


def test_a_hasty_prover_proves_some_and_fails_some() -> None:
    env, rng, earned = begin(steps=2, tries=1), random.Random(0), []
    for seed in range(200):
        env.reset(seed=seed)
        earned.append(env.step(env.slip(rng, 0.7))[1])
    assert 0.05 < sum(reward > 0.9 for reward in earned) / 200 < 0.6
    assert min(earned) == 0.1


@pytest.mark.parametrize("options", [{"steps": 0}, {"traps": 9}, {"detours": -1}, {"tries": 0}], ids=str)
def test_a_wrong_option_is_told(options: dict[str, int]) -> None:
    with pytest.raises(UserError, match=next(iter(options))):
        begin(**options)
