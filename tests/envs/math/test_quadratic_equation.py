import re
from fractions import Fraction

import pytest

import syllogym as sg
from syllogym.envs.math.expression import evaluate


@pytest.mark.parametrize("below", [1, 2, 5])
def test_every_answer_is_a_root_and_the_equation_stays_quadratic(below: int) -> None:
    env = sg.make("math/quadratic_equation", below=below)
    for seed in range(200):
        left = env.reset(seed=seed)[0].removeprefix("Solve ").partition(" = 0")[0]
        assert "x^2" in left and 1 <= len(env.answer) <= 2
        for root in env.answer:
            assert evaluate(re.sub(r"(\d)x", r"\1*x", left).replace("x", f"({root})")).value == 0


@pytest.mark.parametrize(
    ("reply", "reward"),
    [
        ("-6, 5/2", 1.0),
        ("5/2,-6", 1.0),
        ("\\{-6, \\frac{5}{2}\\}", 1.0),
        ("x = -6 or x = 2.5", 1.0),
        ("x_1 = -6 \\text{ and } x_2 = 5/2", 1.0),
        ("-6, -6, 5/2", 1.0),
        ("-6", 0.0),
        ("-6, 5/2, 1", 0.0),
        ("6, -5/2", 0.0),
        ("-6, 5/2, ?", 0.0),
    ],
)
def test_roots_are_compared_as_a_set(reply: str, reward: float) -> None:
    env = sg.make("math/quadratic_equation")
    env.reset(seed=0)
    env.answer = frozenset({Fraction(-6), Fraction(5, 2)})
    assert env.step(f"\\boxed{{{reply}}}")[1] == reward
