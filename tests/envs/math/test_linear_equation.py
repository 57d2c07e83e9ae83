import re
from fractions import Fraction

import pytest

import syllogym as sg
from syllogym.envs.math.expression import Number, evaluate


def at(side: str, root: Fraction) -> Number:
    return evaluate(re.sub(r"(\d)x", r"\1*x", side).replace("x", f"({root})")).value


@pytest.mark.parametrize("rational", [False, True])
def test_the_answer_satisfies_the_equation(rational: bool) -> None:
    env = sg.make("math/linear_equation", rational=rational)
    for seed in range(300):
        equation = env.reset(seed=seed)[0].removeprefix("Solve ").partition(" for x")[0]
        left, right = equation.split(" = ")
        assert at(left, env.answer) == at(right, env.answer)
        assert rational or env.answer.denominator == 1


@pytest.mark.parametrize(
    ("reply", "reward"),
    [
        ("\\boxed{5/9}", 1.0),
        ("\\boxed{x = 5/9}", 1.0),
        ("\\boxed{\\frac{5}{9}}", 1.0),
        ("\\boxed{10/18}", 1.0),
        ("\\boxed{0.5556}", 0.0),
        ("\\boxed{-5/9}", 0.0),
        ("5/9", 0.0),
    ],
)
def test_the_root_is_compared_exactly(reply: str, reward: float) -> None:
    env = sg.make("math/linear_equation")
    env.reset(seed=1)
    env.answer = Fraction(5, 9)
    assert env.step(reply)[1] == reward
