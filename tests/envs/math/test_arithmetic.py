import operator
import re
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.math.arithmetic import Problem, spelled

OPERATIONS = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def scratchpad(seed: int, **options: Any) -> Any:
    env = sg.make("math/arithmetic", scratchpad=True, **options)
    env.reset(seed=seed)
    return env


@pytest.mark.parametrize("digits", [2, 3, 4, 5])
@pytest.mark.parametrize(("operation", "sign"), [("add", "+"), ("subtract", "-"), ("multiply", "*")])
def test_a_question_is_answered_by_its_result(operation: str, sign: str, digits: int) -> None:
    env = sg.make("math/arithmetic", operation=operation, digits=digits)
    for seed in range(100):
        left, shown, right = re.findall(r"\d+|[-+*]", env.reset(seed=seed)[0])[:3]
        assert (len(left), shown, len(right)) == (digits, sign, digits)
        assert env.step(f"\\boxed{{{OPERATIONS[sign](int(left), int(right))}}}")[1] == 1.0


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem(385, "+", 247, 632), "5+7+0=12 8+4+1=13 3+2+1=06 #0632"),
        (Problem(385, "-", 247, 138), "5-7-0=18 8-4-1=03 3-2-0=01 #0138"),
        (Problem(385, "*", 7, 2695), "5*7+0=35 8*7+3=59 3*7+5=26 #2695"),
        (Problem(99, "+", 99, 198), "9+9+0=18 9+9+1=19 #198"),
        (Problem(100, "-", 100, 0), "0-0-0=00 0-0-0=00 1-1-0=00 #0000"),
    ],
)
def test_a_scratchpad_spells_every_step(problem: Problem, text: str) -> None:
    assert spelled(problem) == text


@pytest.mark.parametrize("operation", ["add", "subtract", "multiply"])
def test_the_scratchpad_of_three_digits_is_short_and_its_prompt_terse(operation: str) -> None:
    env = scratchpad(0, operation=operation)
    assert len(env.observe("agent")) <= 8 and 25 <= len(env.solve()) <= 40


def test_only_the_number_behind_the_last_hash_is_graded() -> None:
    env = scratchpad(0)
    result = env.answer.result
    for reply, reward in [
        (f"1+1+0=99 #{result}", 1.0),
        (f"#1 #{result}", 1.0),
        (str(result), 1.0),
        (f"#{result + 1}", 0.0),
        (f"#{result} #", 0.0),
        (f"#{result} and more", 0.0),
        (env.solve()[:-1], 0.0),
    ]:
        env.reset(seed=0)
        assert env.step(reply)[1] == reward, reply


def test_a_sum_and_its_mirror_image_are_one_instance() -> None:
    env = scratchpad(0)
    identity = env.instance("")
    env.answer = env.answer._replace(left=env.answer.right, right=env.answer.left)
    assert env.instance("") == identity
