import random
from fractions import Fraction
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs import Question
from syllogym.envs.answers import FORMS


class Sum(Question):
    def draw(self, rng: random.Random, high: int = 100) -> tuple[str, int]:
        a, b = rng.randint(1, high), rng.randint(1, high)
        return f"What is {a} + {b}?", a + b


class Echo(Question):
    """Asks for a fixed answer of any kind."""

    def draw(self, rng: random.Random, answer: Any = 3) -> tuple[str, Any]:
        return f"Say {answer}.", answer


class Partial(Sum):
    def grade(self, reply: str, answer: int) -> float:
        return 0.5 if reply == "near" else super().grade(reply, answer)


def test_one_hook_makes_an_environment() -> None:
    env = Sum()
    prompt, _ = env.reset(seed=1)
    assert prompt.endswith("?\nPut the final answer in \\boxed{}.")
    assert env.step(env.solve())[1:4] == (1.0, True, False)


def test_the_options_are_those_of_draw() -> None:
    assert Sum.option_defaults() == {"high": 100}
    with pytest.raises(sg.UserError, match="Did you mean high"):
        Sum(hihg=3)


def test_it_is_lent_by_the_front_door() -> None:
    assert sg.Question is Question


ANSWERS: list[Any] = [7, -12, Fraction(3, 4), "x+1"]


@pytest.mark.parametrize(
    ("form", "answer"),
    [(form, answer) for form in FORMS for answer in ANSWERS if form != "number" or isinstance(answer, int)],
)
def test_the_solution_is_found_in_every_form(form: str, answer: Any) -> None:
    env = Echo(answer=answer)
    env.answer_in = form
    env.reset(seed=0)
    assert env.step(env.solve())[1] == 1.0


@pytest.mark.parametrize("reply", ["", "3", "\\boxed{4}", "\\boxed{3 4}", "\\boxed{three}"])
def test_another_answer_or_another_form_earns_nothing(reply: str) -> None:
    env = Echo()
    env.reset(seed=0)
    assert env.step(reply)[1:] == (0.0, True, False, {"reward": {"correct": 0.0}})


def test_a_wrong_try_is_told_so_and_may_be_mended() -> None:
    env = Sum(max_turns=2)
    env.reset(seed=0)
    told, reward, over, _, _ = env.step("\\boxed{0}")
    assert (told, reward, over) == ("That is not right. Try again.", 0.0, False)
    assert env.step(env.solve())[1:3] == (1.0, True)


def test_only_the_last_try_is_paid() -> None:
    env = Partial(max_turns=3)
    env.reset(seed=0)
    assert [env.step("near")[1:4] for _ in range(3)] == [(0.0, False, False), (0.0, False, False), (0.5, True, False)]


def test_the_author_is_told_what_to_write() -> None:
    with pytest.raises(sg.Fault, match=r"needs draw\(self, rng, \*\*options\)"):
        Question().reset(seed=0)
