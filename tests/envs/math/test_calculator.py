import json

import pytest

import syllogym as sg


def told(expression: str) -> str:
    env = sg.make("math/calculator")
    env.reset(seed=0)
    call = {"name": "calculate", "arguments": {"expression": expression}}
    return str(env.step(f"<tool_call>{json.dumps(call)}</tool_call>")[0])


@pytest.mark.parametrize(("expression", "value"), [("12 * 12", "144"), ("(1 + 2) / 4", "3/4"), ("2**10", "1024")])
def test_the_calculator_is_exact(expression: str, value: str) -> None:
    assert told(expression) == value


@pytest.mark.parametrize("expression", ["1/0", "9**9**9", "import os", "(" * 500, ""])
def test_what_it_cannot_compute_is_told_to_the_agent(expression: str) -> None:
    assert told(expression).startswith("Error: ")


def test_an_answer_without_the_tool_counts_too() -> None:
    env = sg.make("math/calculator", digits=2)
    prompt, _ = env.reset(seed=0)
    left, right = str(prompt).partition("?")[0].removeprefix("What is ").split(" * ")
    assert env.step(f"\\boxed{{{int(left) * int(right)}}}")[1:3] == (1.0, True)


def test_three_calls_use_up_the_turns() -> None:
    env = sg.make("math/calculator")
    env.reset(seed=0)
    call = env.solve()
    assert [env.step(call)[3] for _ in range(3)] == [False, False, True]
