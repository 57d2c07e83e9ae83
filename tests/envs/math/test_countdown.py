from collections import Counter
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.math.goal import Goal

GOAL = Goal(24, (2, 3, 5, 15), "(5-2)*3+15")


def given(goal: Goal, **options: Any) -> Any:
    env = sg.make("math/countdown", **options)
    env.reset(seed=0)
    env.answer = goal
    return env


def test_every_instance_keeps_to_its_ranges() -> None:
    env = sg.make("math/countdown", numbers=(3, 5), high=30, targets=(50, 60))
    for seed in range(300):
        env.reset(seed=seed)
        target, numbers, _ = env.answer
        assert 50 <= target <= 60 and 3 <= len(numbers) <= 5
        assert all(1 <= number <= 30 for number in numbers) and list(numbers) == sorted(numbers)


def test_every_way_makes_its_target_in_floating_point_too() -> None:
    env = sg.make("math/countdown")
    for seed in range(300):
        env.reset(seed=seed)
        assert eval(env.answer.way) == pytest.approx(env.answer.target)  # our own text, not a reply


def test_four_five_and_six_numbers_are_equally_frequent() -> None:
    env = sg.make("math/countdown")
    env.reset(seed=0)
    counts: Counter[int] = Counter()
    for _ in range(900):
        env.reset()
        counts[len(env.answer.numbers)] += 1
    assert set(counts) == {4, 5, 6} and min(counts.values()) > 220


@pytest.mark.parametrize(
    "expression",
    ["(2*3+2)*3", "2 * (3 + 2) + 3", "8*3", "2*3*2*3-12"],
)
def test_numbers_that_were_not_given_earn_nothing(expression: str) -> None:
    assert given(GOAL).step(f"\\boxed{{{expression}}}")[1] == 0.0


@pytest.mark.parametrize(
    ("reply", "reward"),
    [
        ("\\boxed{15+5+2*3-2}", 0.0),
        ("\\boxed{15+(5-2)*3}", 1.0),
        ("\\boxed{(5 - 2) \\times 3 + 15}", 1.0),
        ("\\boxed{\\left(5-2\\right)\\cdot 3+15}", 1.0),
        ("\\boxed{15-(2-5)*3}", 1.0),
        ("\\boxed{15+(5-2)*3=24}", 0.0),
        ("\\boxed{15+(5-2)*3} or \\boxed{1}", 0.0),
        ("15+(5-2)*3", 0.0),
        ("\\boxed{24}", 0.0),
        ("\\boxed{15+5*2-3}", 0.0),
    ],
)
def test_a_reply_is_paid_for_a_boxed_expression_that_makes_the_target(reply: str, reward: float) -> None:
    assert given(GOAL).step(reply)[1] == reward


def test_a_wrong_try_is_told_what_it_makes() -> None:
    env = given(GOAL, max_turns=3)
    assert env.step("\\boxed{15+5*2-3}")[0] == "That makes 22, not 24. Try again."
    assert env.step("no idea")[0].startswith("That cannot be evaluated")
    assert env.step("\\boxed{15+(5-2)*3}")[1:3] == (1.0, True)
