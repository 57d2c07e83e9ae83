"""What does a reply look like in which letters and digits were mistaken for others?"""

from __future__ import annotations

import random
import string

_KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


def garbled(text: str, rng: random.Random, rate: float) -> str:
    """Replace each letter and digit, with chance `rate`, by another of its kind (a digit by a digit)."""
    return "".join(_another(letter, rng) if rng.random() < rate else letter for letter in text)


def _another(letter: str, rng: random.Random) -> str:
    for kind in _KINDS:
        if letter in kind:
            return rng.choice([other for other in kind if other != letter])
    return letter
