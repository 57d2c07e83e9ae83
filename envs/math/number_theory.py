"""Can the agent compute with divisors, remainders and bases?"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from syllogym.envs import Question, register
from syllogym.errors import check_choice, check_range


@register()
class NumberTheory(Question):
    """Five `kind`s of question, or ``any`` of them, over numbers of about `size`."""

    levels = {"size": (50, 200, 1_000, 10_000)}

    def draw(self, rng: random.Random, kind: str = "any", size: int = 200) -> tuple[str, int]:
        check_choice("kind", kind, ["any", *KINDS])
        check_range("size", size, 30, 1_000_000)
        return KINDS[rng.choice(list(KINDS)) if kind == "any" else kind](rng, size)


def _gcd(rng: random.Random, size: int) -> tuple[str, int]:
    divisor, a, b = rng.randint(2, size), rng.randint(2, 30), rng.randint(2, 30)
    a, b = divisor * a, divisor * b
    return f"What is the greatest common divisor of {a} and {b}?", math.gcd(a, b)


def _lcm(rng: random.Random, size: int) -> tuple[str, int]:
    a, b = rng.randint(2, size), rng.randint(2, size)
    return f"What is the least common multiple of {a} and {b}?", math.lcm(a, b)


def _power(rng: random.Random, size: int) -> tuple[str, int]:
    base, exponent, modulus = rng.randint(2, size), rng.randint(2, size), rng.randint(size, 2 * size)
    return f"What is the remainder of {base}^{exponent} divided by {modulus}?", pow(base, exponent, modulus)


def _inverse(rng: random.Random, size: int) -> tuple[str, int]:
    modulus = rng.randint(size, 2 * size)
    number = rng.choice([n for n in range(2, min(modulus, 1_000) - 1) if math.gcd(n, modulus) == 1])
    return f"Which number from 1 to {modulus - 1} is the inverse of {number} modulo {modulus}?", pow(
        number, -1, modulus
    )


def _base(rng: random.Random, size: int) -> tuple[str, int]:
    number, base = rng.randint(size, 10 * size), rng.randint(2, 9)
    digits, rest = "", number
    while rest:
        rest, digit = divmod(rest, base)
        digits = f"{digit}{digits}"
    return f"Write {number} in base {base}, digits only.", int(digits)


KINDS: dict[str, Callable[[random.Random, int], tuple[str, int]]] = {
    "gcd": _gcd,
    "lcm": _lcm,
    "power": _power,
    "inverse": _inverse,
    "base": _base,
}
