"""Should the strong model be asked, too, when a verifier is unsure of the weak one's reply? AutoMix's meta-verifier.

AutoMix (arXiv 2310.12963) sees the verifier's score as a noisy observation of a hidden state: whether the weak and the
strong model are right. A belief over the states follows from Bayes' rule; the strong model is asked where what it is
believed to gain is worth its price. A strong model that would be wrong, too, is not worth asking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.envs.routing.routed import Routed
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError, check_range

_STATES = ((0, 0), (1, 0), (0, 1), (1, 1))
"""Whether the weak and the strong model are right: unsolvable, odd, complex and simple questions."""


@dataclass
class AutoMix:
    """A weak model, always asked, a verifier of its replies, and a strong model.

    Attributes:
        weak, strong: names in the table. bins: of the verifier's scores, which are in [0, 1].
    """

    weak: str
    strong: str
    bins: int = 9

    def __post_init__(self) -> None:
        check_range("bins", self.bins, 2, 1000)

    def fit(self, table: RoutingTable, verified: Array) -> None:
        """Count how often each state occurs, and what the verifier says in it; `verified` is (N,)."""
        right = table.only([self.weak, self.strong]).quality
        share = np.stack(
            [
                np.where(weak, right[:, 0], 1 - right[:, 0]) * np.where(strong, right[:, 1], 1 - right[:, 1])
                for weak, strong in _STATES
            ]
        )
        seen = np.eye(self.bins)[self._bin(verified)]
        counts = share @ seen
        self._prior: Array = (share.sum(axis=1) + 1) / (len(table) + len(_STATES))
        self._observed: Array = (counts + 1 / self.bins) / (counts.sum(axis=1, keepdims=True) + 1)
        self._price: float = float(table.cost[:, table.column(self.strong)].mean())

    def gain(self, verified: Array) -> Array:
        """Return what asking the strong model is believed to bring, (N,), in quality."""
        belief = self._prior[:, None] * self._observed[:, self._bin(verified)]
        more = np.array([strong - weak for weak, strong in _STATES])
        expected: Array = more @ (belief / belief.sum(axis=0))
        return expected

    def run(self, table: RoutingTable, verified: Array, price: float, checking: float = 0.0) -> Routed:
        """Return whom it asks on a table.

        Args:
            verified: (N,), what the verifier says of the weak model's replies.
            price: of money, in quality a dollar. checking: dollars of verifying one reply.
        """
        weak, strong = table.column(self.weak), table.column(self.strong)
        onward = self.gain(verified) > price * self._price
        asked = np.zeros(table.quality.shape, dtype=np.bool_)
        asked[:, weak] = True
        asked[onward, strong] = True
        answered = np.where(onward, strong, weak).astype(np.int64)
        return Routed(f"AutoMix @ {price:.4g}", table, answered, asked, np.full(len(table), checking))

    def curve(self, table: RoutingTable, verified: Array, checking: float = 0.0) -> list[Routed]:
        """Return what it does at every price of money at which its decisions change, from dear to cheap money."""
        gains: Sequence[float] = np.unique(self.gain(np.linspace(0, 1, self.bins))).tolist()
        turning = [gain / self._price for gain in gains if gain > 0] if self._price else []
        return [self.run(table, verified, price, checking) for price in [*reversed(turning), 0.0]]

    def _bin(self, verified: Array) -> Array:
        if not ((verified >= 0) & (verified <= 1)).all():
            raise UserError("A verifier's scores are in [0, 1].")
        at: Array = np.minimum((verified * self.bins).astype(np.int64), self.bins - 1)
        return at
