"""How are demonstrations made imperfect? So that a policy learns the form and leaves the substance to exploration."""

from __future__ import annotations

import string
from collections.abc import Callable

from syllogym.envs.chance import Dice

_KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


def garbler(noise: float, fraction: float) -> Callable[[str, int], str]:
    """Return a function from (text, seed) to the text with errors in it.

    Args:
        noise: chance that a digit or letter is replaced by another of its kind (a digit by a digit).
        fraction: share of the texts this happens to; the others stay perfect.
    """

    def garble(text: str, seed: int) -> str:
        dice = Dice()
        dice.restart(seed, 0)
        if dice.random() >= fraction:
            return text
        return "".join(_another(letter, dice) if dice.random() < noise else letter for letter in text)

    return garble


def _another(letter: str, dice: Dice) -> str:
    for kind in _KINDS:
        if letter in kind:
            return dice.choice([other for other in kind if other != letter])
    return letter
