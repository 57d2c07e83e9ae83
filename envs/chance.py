"""Where does an episode's chance come from? A private generator whose whole state is one number.

`random.Random` takes 6 microseconds to seed and 2.5 kB to copy, more than a whole episode of a text game; SplitMix64
(Steele, Lea and Flood 2014) needs a hash to seed and one integer to copy, so episodes, forks and snapshots stay cheap.
"""

from __future__ import annotations

import random
from hashlib import blake2b

_MASK = (1 << 64) - 1
_STEP = 0x9E3779B97F4A7C15


def mix(state: int) -> int:
    """Scramble 64 bits into 64 bits, one to one."""
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 31)


def key_of(text: str) -> int:
    """Return 64 bits that stand for a text; different texts give unrelated numbers."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


class Dice(random.Random):
    """A `random.Random` (randint, choice, sample, shuffle, ...) over SplitMix64. Not for cryptography."""

    state: int = 0

    def restart(self, key: int, episode: int) -> None:
        """Begin the stream of one episode under a key; neighbouring keys and episodes have nothing in common."""
        self.state = mix((key + episode * _STEP) & _MASK)
        self.gauss_next = None

    def getrandbits(self, k: int, /) -> int:
        """Return `k` random bits as an integer."""
        if k > 64:
            return (self.getrandbits(k - 64) << 64) | self.getrandbits(64)
        self.state = (self.state + _STEP) & _MASK
        return mix(self.state) >> (64 - k)

    def _randbelow(self, n: int) -> int:
        # Lemire's multiply-shift: a bias below n / 2**64, at a third of the time of the loop it replaces.
        self.state = (self.state + _STEP) & _MASK
        return (mix(self.state) * n) >> 64 if n < 1 << 32 else super()._randbelow_with_getrandbits(n)  # type: ignore[misc]

    def randint(self, a: int, b: int) -> int:
        """Return an integer from `a` to `b`, both included; the library's own takes three calls more."""
        if b < a:
            raise ValueError(f"randint({a}, {b}): there is no integer between.")
        return a + self._randbelow(b - a + 1)

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
