"""Is a letter proved only by clauses that give it, whichever way the agent goes?"""

from __future__ import annotations

import random
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.proofs.horn_theory import Clause, derivation, draw_theory
from syllogym.errors import UserError

WAYS = ("forward", "backward", "one-by-one")


def begin(seed: int = 0, **options: Any) -> Any:
    env = sg.make("proofs/horn", **options)
    env.reset(seed=seed)
    return env


def play(env: Any, *replies: str) -> float:
    reward = 0.0
    for reply in replies:
        _, reward, *_ = env.step(reply)
    return reward


def of(facts: str, clauses: str, goal: str, chaining: str = "forward", **options: Any) -> Any:
    """An episode about a theory of our own."""
    env = begin(chaining=chaining, **options)
    read = tuple(Clause(*reversed(clause.split("<"))) for clause in clauses.split())
    env.theory = env.theory._replace(facts=facts, clauses=read, goal=goal)
    env.known, env.goals, env.coming = facts, goal, read * 3
    env.clauses = {str(clause): clause for clause in read}
    return env


@pytest.mark.parametrize("chaining", WAYS)
@pytest.mark.parametrize("steps", [1, 3, 6])
def test_the_solver_proves_every_goal_and_needs_no_more_clauses_than_said(chaining: str, steps: int) -> None:
    env = begin(chaining=chaining, steps=steps)
    for seed in range(60):
        env.reset(seed=seed)
        used, reward = 0, 0.0
        while not env.over:
            reply = env.solve()
            used += reply != "-"
            _, reward, *_ = env.step(reply)
        assert reward == 1.0
        assert used >= steps if chaining == "one-by-one" else used == steps


@pytest.mark.parametrize("chaining", ["forward", "backward"])
def test_a_whole_proof_is_judged_as_its_steps_are(chaining: str) -> None:
    env = begin(chaining=chaining, whole=True)
    proof = env.solve()
    assert env.step(proof)[1:3] == (1.0, True)
    env.reset(seed=0)
    assert env.step(proof.rpartition(" ")[0])[1:3] == (0.0, True)


def test_the_path_of_a_drawn_theory_is_its_shortest_proof() -> None:
    for seed in range(100):
        theory = draw_theory(random.Random(seed), 4, 2, 3, 2)
        assert len(derivation(theory.facts, theory.clauses, theory.goal) or ()) == len(theory.path) == 4


@pytest.mark.parametrize("reply", ["", "ac>d", "ab>d", "ba>c", "c", "ab>c>d", "xy>z"])
def test_forwards_a_clause_that_cannot_be_used_ends_it(reply: str) -> None:
    assert of("ab", "c<ab d<ac", "d").step(reply)[1:3] == (0.0, True)


def test_forwards_no_letter_is_had_twice() -> None:
    env = of("ab", "c<ab d<ac", "d")
    assert env.step("ab>c")[0] == "abc ab>c ac>d ?d"
    assert env.step("ab>c")[1:3] == (0.0, True)


def test_backwards_the_body_is_to_be_proved_next() -> None:
    env = of("ab", "c<ab d<ac", "d", "backward")
    assert env.step("ac>d")[0] == "ab ab>c ac>d ?c"
    assert env.step("ab>c")[1:3] == (1.0, True)


def test_backwards_a_circle_is_no_proof() -> None:
    assert play(of("a", "c<ad d<ac", "c", "backward"), "ad>c", "ac>d") == 0.0


def test_one_by_one_what_is_passed_over_comes_again() -> None:
    env = of("ab", "d<ac c<ab", "d", "one-by-one")
    assert [env.step(reply)[0] for reply in "-+"] == ["ab ab>c ?d", "abc ac>d ?d"]
    assert env.step("+")[1:3] == (1.0, True)


def test_one_by_one_a_clause_of_which_a_part_holds_is_not_to_be_used() -> None:
    assert of("ab", "d<ac c<ab", "d", "one-by-one").step("+")[1:3] == (0.0, True)


def test_one_by_one_passing_over_everything_ends_unpaid() -> None:
    env = of("ab", "d<ac c<ab", "d", "one-by-one")
    rewards = [env.step("-")[1] for _ in range(6)]
    assert (rewards, env.terminated) == ([0.0] * 6, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps is a whole number from 1"),
        ({"steps": 20, "traps": 20}, "letters are needed"),
        ({"chaining": "sideways"}, "sideways"),
        ({"chaining": "one-by-one", "whole": True}, "whole: true goes with"),
    ],
)
def test_options_that_do_not_go_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        begin(**options)
