"""What does the environment of Metamath proofs ask, tell and pay?"""

from __future__ import annotations

import random

import pytest

import syllogym as sg
from syllogym.envs.proofs.mm.library import library
from syllogym.errors import UserError


def play(env: sg.TextEnv, *replies: str) -> tuple[str, float, dict[str, float]]:
    told, reward, info = "", 0.0, {}
    for reply in replies:
        told, reward, _, _, info = env.step(reply)
    return told, reward, info.get("reward", {})


def at(label: str, **options: object) -> sg.TextEnv:
    """Return the environment in the first episode whose theorem is `label`."""
    env = sg.make("proofs/metamath", steps=(1, 20), **options)
    for seed in range(2_000):
        env.reset(seed=seed)
        if env.unwrapped.label == label:
            return env
    raise AssertionError(f"{label} is never drawn")


def test_the_first_prompt_shows_theorem_hypotheses_goal_and_what_fits() -> None:
    env = at("swap")
    told = env.observe("agent")
    assert told.startswith("Prove |- ( Q -> ( P -> R ) ) where swap.1 $e |- ( P -> ( Q -> R ) ) $.\n")
    assert "\nGoal |- ( Q -> ( P -> R ) )\nFitting: " in told


def test_what_fits_is_explained_where_asked_for() -> None:
    assert "  chain says |- ( P -> R ) where chain.1 $e |- ( P -> Q ) $. chain.2 $e" in at(
        "swap", explained=True
    ).observe("agent")


def test_steps_prove_and_are_paid_at_the_end() -> None:
    env = at("swap", candidates=0)
    assert play(env, "chain")[:2] == ("Goal |- ( Q -> $1 )\nthen |- ( $1 -> ( P -> R ) )", 0.0)
    assert play(env, "I think so.\nkeep", "spread", "swap.1") == ("", 1.0, {"proved": 1.0})


def test_a_wrong_step_costs_a_turn_and_is_told() -> None:
    env = at("swap", candidates=0)
    told, reward, _ = play(env, "turn")
    assert told == "turn does not prove the goal: they differ.\nGoal |- ( Q -> ( P -> R ) )"
    assert reward == 0.0 and env.turn == 1 and not env.over


def test_a_whole_proof_is_taken_from_the_last_block() -> None:
    env = at("self", mode="whole")
    told = f"First ```\nnothing\n``` and then\n```metamath\n{env.solve()}\n```"
    assert play(env, told) == ("", 1.0, {"proved": 1.0})


def test_a_wrong_proof_may_be_mended_where_tries_allow() -> None:
    env = at("self", mode="whole", tries=2)
    assert play(env, "form-P form-Q") == (
        "Line 1, column 8: The proof leaves 2 statements, not one.\nTry again.",
        0.0,
        {},
    )
    assert play(env, env.solve())[1] == 1.0


def test_process_pays_the_share_of_closed_goals_to_what_is_not_proved() -> None:
    env = at("swap", process=0.4, max_turns=3)
    assert play(env, "chain", "keep", "turn")[2] == {"proved": 0.0, "closed": pytest.approx(0.2)}


def test_process_pays_the_share_of_right_steps_of_a_whole_proof() -> None:
    env = at("self", mode="whole", process=0.5)
    assert play(env, "form-P form-P form-P mp")[2] == {"proved": 0.0, "prefix": pytest.approx(0.5 * 3 / 4)}


def test_only_earlier_statements_prove_a_theorem() -> None:
    env = at("or-swap")
    told, _, _ = play(env, "forth")
    assert told.startswith("forth is the theorem itself or stands behind it.")


def test_no_theorem_is_asked_for_that_an_earlier_one_repeats() -> None:
    known = library("")
    rng = random.Random(0)
    drawn = {known.drawn(rng, 2, 20) for _ in range(300)}
    assert len(drawn) > 40
    assert not [label for label in drawn if known.retrieval.repeats(known.reached(label, ()))]


@pytest.mark.parametrize("mode", ["steps", "whole"])
def test_slips_are_wrong_and_leave_the_way_open(mode: str) -> None:
    env = sg.make("proofs/metamath", mode=mode, steps=(3, 8), tries=3)
    for seed in range(20):
        env.reset(seed=seed)
        env.step(env.slip(random.Random(seed), 1.0))
        assert not env.over
        while not env.over:
            _, reward, *_ = env.step(env.slip(random.Random(seed), 0.0))
        assert reward == 1.0


def test_a_copy_keeps_nothing_of_the_database() -> None:
    env = sg.make("proofs/metamath")
    env.reset(seed=0)
    env.step(env.solve())
    assert len(env.snapshot()) < 5_000


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"database": "nowhere.mm"}, "'nowhere.mm' cannot be read"),
        ({"mode": "partly"}, "mode is one of steps, whole"),
        ({"steps": (500, 600)}, "hardly a theorem that is proved in 500 to 600 steps"),
        ({"process": 1.0}, "process is a number"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_wrong_options_are_refused(options: dict[str, object], told: str) -> None:
    with pytest.raises(UserError, match=told):
        sg.make("proofs/metamath", **options).reset(seed=0)
