"""Can the agent add two numbers column by column, one turn a column, paid only for the whole sum?"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.errors import check_range

_COLUMN = re.compile(r"[01]\d", re.ASCII)


@register()
class ColumnAddition(TextEnv):
    """Shown ``385+247+0=``, add the last column (5+7+0) and say carry and digit: ``12``; then ``38+24+1=`` is shown.

    Every turn is a small look-up, and its prompt holds all that is needed; what the agent says is what it is shown
    next, so that one wrong column spoils the sum, and only the sum is paid, at the end.
    """

    levels = {"digits": (2, 3, 4)}

    def on_reset(self, rng: random.Random, digits: int = 3) -> str:
        check_range("digits", digits, 2, 100)
        self.left, self.right = (rng.randint(10 ** (digits - 1), 10**digits - 1) for _ in range(2))
        self.rest = (self.left, self.right, 0)
        self.total = ""
        return self._shown()

    def instance(self, first: str | Mapping[str, str]) -> str:
        return "{}+{}".format(*sorted((self.left, self.right)))  # a sum and its mirror image are one instance

    def on_step(self, reply: Reply) -> Turn | str:
        said = reply.strip()
        if not _COLUMN.fullmatch(said):
            return Turn("", Reward(correct=0.0), over=True)
        self.total = said[1] + self.total
        self.rest = (self.rest[0] // 10, self.rest[1] // 10, int(said[0]))
        if any(self.rest[:2]):
            return self._shown()
        right = int(said[0] + self.total) == self.left + self.right
        return Turn("", Reward(correct=float(right)), over=True)

    def solve(self) -> str:
        left, right, carry = self.rest
        return f"{left % 10 + right % 10 + carry:02d}"

    def slip(self, rng: random.Random, rate: float) -> str:
        """Forget to carry with chance `rate`, as pupils do."""
        said = self.solve()
        return f"0{said[1]}" if rng.random() < rate else said

    def _shown(self) -> str:
        return "{}+{}+{}=".format(*self.rest)
