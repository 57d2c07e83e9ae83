"""Where does an episode's chance come from? A private generator whose whole state is one number.

`random.Random` takes 6 microseconds to seed and 2.5 kB to copy, more than a whole episode of a text game; SplitMix64
(Steele, Lea and Flood 2014) needs a hash to seed and one integer to copy, so episodes, forks and snapshots stay cheap.
"""

from __future__ import annotations

import random
from hashlib import blake2b

_MASK = (1 << 64) - 1
_NARROW = (1 << 32) - 1
_STEP = 0x9E3779B97F4A7C15
_FIRST = 0xBF58476D1CE4E5B9
_SECOND = 0x94D049BB133111EB


def mix(state: int) -> int:
    """Scramble 64 bits into 64 bits, one to one."""
    state = ((state ^ (state >> 30)) * _FIRST) & _MASK
    state = ((state ^ (state >> 27)) * _SECOND) & _MASK
    return state ^ (state >> 31)


def key_of(text: str) -> int:
    """Return 64 bits that stand for a text; different texts give unrelated numbers."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


class Dice(random.Random):
    """A `random.Random` (randint, choice, sample, shuffle, ...) over SplitMix64. Not for cryptography."""

    state: int = 0

    def __init__(self) -> None:
        self.gauss_next = None  # the generator beneath is never drawn from, so it need not be seeded again

    def restart(self, origin: int, episode: int) -> None:
        """Begin the stream of one episode, 2**32 draws from its neighbours', in a family of streams.

        Args:
            origin: 64 bits that stand for the family, scrambled by `mix`.
            episode: its number, below 2**32.
        """
        # A whole number of steps is a multiple of 2**32 only after 2**32 of them, since a step is odd.
        self.state = (origin + (episode << 32)) & _MASK
        self.gauss_next = None

    def getrandbits(self, k: int, /) -> int:
        """Return `k` random bits as an integer."""
        if k > 64:
            return (self.getrandbits(k - 64) << 64) | self.getrandbits(64)
        self.state = (self.state + _STEP) & _MASK
        return mix(self.state) >> (64 - k)

    def randint(self, a: int, b: int) -> int:
        """Return an integer from `a` to `b`, both included, in one call: every game draws here."""
        n = b - a + 1
        if not 0 < n <= _NARROW:
            if n < 1:
                raise ValueError(f"randint({a}, {b}): there is no integer between.")
            return a + super()._randbelow_with_getrandbits(n)  # type: ignore[misc, no-any-return]
        self.state = z = (self.state + _STEP) & _MASK
        z = ((z ^ (z >> 30)) * _FIRST) & _MASK  # `mix`, without the call
        z = ((z ^ (z >> 27)) * _SECOND) & _MASK
        # Lemire's multiply-shift: a bias below n / 2**64, at a third of the time of the library's loop.
        return a + (((z ^ (z >> 31)) * n) >> 64)

    def _randbelow(self, n: int) -> int:
        return self.randint(0, n - 1)

    def random(self) -> float:
        """Return a float in [0, 1) with 53 random bits."""
        return self.getrandbits(53) * 2.0**-53

    def __deepcopy__(self, memo: dict[int, object]) -> Dice:
        """Copy the one number that matters."""
        twin = Dice()
        twin.state, twin.gauss_next = self.state, self.gauss_next
        return twin

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the one number that matters."""
        return Dice, (), {"state": self.state, "gauss_next": self.gauss_next}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Take a pickled state."""
        self.__dict__.update(state)
