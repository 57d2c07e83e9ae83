"""What of a context need not be computed? Its beginning, where an earlier context or one beside it began alike."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from torch import Tensor

_WORTH = 32
"""Tokens that must be saved before one context waits for another with which it begins alike."""
_ids = attrgetter("ids")


@dataclass(slots=True, eq=False)
class Kept:
    """A context with its keys and values, (layers, 2, heads, tokens, size)."""

    ids: list[int]
    kv: Tensor


class Shelf:
    """Keeps the keys and values of contexts whose replies have ended, the least recently used given up first.

    Contexts lie in order, so the longest beginning in common with another one is that of a neighbour of its place. None
    is the beginning of another, which would serve in its stead.

    Args:
        room: bytes of keys and values that are kept.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.clear()

    def clear(self) -> None:
        """Forget all of them."""
        self.bytes = 0
        self._sorted: list[Kept] = []
        self._used: OrderedDict[Kept, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sorted)

    def keep(self, ids: list[int], kv: Tensor) -> None:
        """Keep a context; `kv` may be a view, which is copied if there is room."""
        size = kv.numel() * kv.element_size()
        if size > self.room:
            return
        at = bisect_left(self._sorted, ids, key=_ids)
        if at < len(self._sorted) and self._sorted[at].ids[: len(ids)] == ids:
            self._used.move_to_end(self._sorted[at])
            return
        if at and ids[: len(self._sorted[at - 1].ids)] == self._sorted[at - 1].ids:
            at -= 1
            self._forget(self._sorted[at], at)
        while self.bytes + size > self.room:
            oldest = next(iter(self._used))
            place = bisect_left(self._sorted, oldest.ids, key=_ids)
            self._forget(oldest, place)
            at -= place < at
        kept = Kept(ids, kv.clone())
        self._sorted.insert(at, kept)
        self._used[kept] = None
        self.bytes += size

    def find(self, ids: list[int]) -> tuple[Tensor | None, int]:
        """Return keys and values of the longest known beginning of a context, and how many tokens it has.

        The last token counts as unknown, since somebody wants to know what follows it. A few tokens in common with what
        went on otherwise do not count.
        """
        at = bisect_left(self._sorted, ids, key=_ids)
        best, longest = None, 0
        for kept in self._sorted[max(0, at - 1) : at + 1]:
            length = min(common(kept.ids, ids), len(ids) - 1)
            if length > longest and length >= min(_WORTH, len(kept.ids), len(ids) - 1):
                best, longest = kept, length
        if best is None:
            return None, 0
        self._used.move_to_end(best)
        return best.kv[..., :longest, :], longest

    def _forget(self, kept: Kept, at: int) -> None:
        del self._sorted[at], self._used[kept]
        self.bytes -= kept.kv.numel() * kept.kv.element_size()


def common(a: list[int], b: list[int]) -> int:
    """Return how many tokens two contexts have in common at their beginning."""
    low, high = 0, min(len(a), len(b))
    if a[:high] == b[:high]:
        return high
    while low + 1 < high:  # the first `low` are alike, the first `high` are not
        middle = (low + high) // 2
        low, high = (middle, high) if a[low:middle] == b[low:middle] else (low, middle)
    return low


def waves(contexts: Sequence[list[int]], known: Sequence[int]) -> list[list[tuple[int, int, int]]]:
    """Say in which order to compute contexts, so that those that begin alike compute the beginning once.

    Args:
        contexts: distinct and in order.
        known: how many first tokens of each are known beforehand.

    Returns:
        Waves of (context, other, length): its first `length` tokens are those of the `other` context, which is in an
        earlier wave, or known beforehand (`other` is -1).
    """
    parents, depth = [(-1, length) for length in known], [0] * len(contexts)
    for at in range(1, len(contexts)):
        other, length = at - 1, common(contexts[at - 1], contexts[at])
        most = length
        # In order, two contexts have in common what all between them have. The earliest that will do keeps waves few.
        while parents[other][0] >= 0 and most - min(length, parents[other][1]) < _WORTH:
            other, length = parents[other][0], min(length, parents[other][1])
        if length - known[at] >= _WORTH:
            parents[at], depth[at] = (other, length), depth[other] + 1
    order: list[list[tuple[int, int, int]]] = [[] for _ in range(max(depth) + 1)]
    for at, level in enumerate(depth):
        order[level].append((at, *parents[at]))
    return order
