"""Which texts may an observation or an action be? Any unicode, up to a length."""

from __future__ import annotations

import string
from typing import Any

import gymnasium


class Text(gymnasium.spaces.Text):
    """All unicode strings of at most `max_length` characters; Gymnasium's own holds one fixed alphabet.

    Samples are printable ASCII, so that a random agent writes something a terminal can show.
    """

    def __init__(self, max_length: int = 1_000_000, *, sample_length: int = 16, seed: int | None = None) -> None:
        self.sample_length = min(sample_length, max_length)
        super().__init__(max_length, min_length=0, charset=string.digits + string.ascii_letters + " .,+-*/=()", seed=seed)

    def contains(self, x: Any) -> bool:
        """Say whether `x` is a string that is short enough."""
        return isinstance(x, str) and len(x) <= self.max_length

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """Draw up to `sample_length` characters."""
        if mask is None and probability is None:
            length = int(self.np_random.integers(0, self.sample_length, endpoint=True))
            return "".join(self.np_random.choice(self.character_list, length).tolist())
        return super().sample(mask, probability)

    def __repr__(self) -> str:
        """Show the length only."""
        return f"Text({self.max_length})"

    def __eq__(self, other: object) -> bool:
        """Two spaces are equal when they hold the same texts."""
        return isinstance(other, Text) and self.max_length == other.max_length
