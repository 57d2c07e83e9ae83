"""Are drawn computations right, quick and not to be guessed?"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from syllogym.envs.code.computations import draw_computation
from syllogym.errors import UserError


def test_the_statements_compute_the_answer() -> None:
    for seed in range(100):
        question, statements, answer = draw_computation(random.Random(seed), 1 + seed % 4)
        names: dict[str, Any] = {}
        for statement in statements:
            exec(statement, names)
        assert names[question[-2]] == answer


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("the sum of the decimal digits of", lambda k, x, n: sum(int(digit) for digit in str(k ** (x + n)))),
        ("the remainder of", lambda k, x, n, m: k ** (x + n) % m),
        ("how many whole numbers", lambda x, n, a, b: len({*range(0, x + n + 1, a)} ^ {*range(0, x + n + 1, b)})),
        ("how many prime numbers", lambda x, n: len([i for i in range(2, x + n) if all(i % d for d in range(2, i))])),
        ("the sum of the positive divisors", lambda x, n: sum(i for i in range(1, x + n + 1) if not (x + n) % i)),
    ],
    ids=["digits", "power", "divisible", "primes", "divisors"],
)
def test_the_words_say_what_is_computed(words: str, value: Any) -> None:
    seen = 0
    for seed in range(120):
        question, _, answer = draw_computation(random.Random(seed), 1)
        if words in question:
            said = question.replace("from 1 to", "").replace("(", " ").replace(")", " ").replace(",", " ")
            numbers = [int(word.strip(".")) for word in said.split() if word.strip(".").isdigit()]
            assert value(*numbers) == answer, question
            seen += 1
    assert seen > 5


def test_no_answer_is_frequent() -> None:
    answers = Counter(draw_computation(random.Random(seed), 2).answer for seed in range(1_000))
    assert answers.most_common(1)[0][1] < 20


@pytest.mark.parametrize("steps", [0, 7])
def test_too_many_steps_are_a_readable_mistake(steps: int) -> None:
    with pytest.raises(UserError, match="steps"):
        draw_computation(random.Random(0), steps)
