import re
from collections.abc import Callable

import pytest

import syllogym as sg


def divisor(a: int, b: int) -> int:
    return max(n for n in range(1, min(a, b) + 1) if a % n == b % n == 0)


def multiple(a: int, b: int) -> int:
    return next(n for n in range(a, a * b + 1, a) if n % b == 0)


def power(base: int, exponent: int, modulus: int) -> int:
    return int(base**exponent % modulus)


def inverse(_low: int, _high: int, number: int, modulus: int) -> int:
    return next(n for n in range(1, modulus) if number * n % modulus == 1)


@pytest.mark.parametrize(
    ("kind", "by_force"), [("gcd", divisor), ("lcm", multiple), ("power", power), ("inverse", inverse)]
)
def test_the_answer_is_the_one_found_by_trying_all(kind: str, by_force: Callable[..., int]) -> None:
    env = sg.make("math/number_theory", kind=kind, size=50)
    for seed in range(100):
        numbers = map(int, re.findall(r"\d+", env.reset(seed=seed)[0]))
        assert env.answer == by_force(*numbers)


def test_a_number_written_in_a_base_reads_back() -> None:
    env = sg.make("math/number_theory", kind="base")
    for seed in range(200):
        number, base = map(int, re.findall(r"\d+", env.reset(seed=seed)[0]))
        assert int(str(env.answer), base) == number


def test_every_kind_is_asked_when_any_will_do() -> None:
    env = sg.make("math/number_theory")
    asked = [env.reset(seed=seed)[0] for seed in range(100)]
    for words in ("greatest common", "least common", "remainder", "inverse", "in base"):
        assert any(words in question for question in asked), words
