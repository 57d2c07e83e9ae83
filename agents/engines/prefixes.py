"""What of a context need not be computed? Its beginning, where an earlier context or one beside it began alike."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from torch import Tensor

_WORTH = 32
"""Tokens that must be saved before one context waits for another with which it begins alike."""
_ids = attrgetter("ids")


@dataclass(slots=True, eq=False)
class Kept:
    """A context whose keys and values are known.

    Attributes:
        ids: its tokens.
        size: bytes of its keys and values.
        row: of the decoder's table in which they lie, until another needs it.
        kv: a copy of them from then on, (layers, 2, heads, tokens, size).
    """

    ids: list[int]
    size: int
    row: int
    kv: Tensor | None = None


class Shelf:
    """Keeps the contexts of replies that have ended, the least recently used given up first.

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
        self.parked: dict[int, Kept] = {}
        """Those that lie in the decoder's table, by row. The row may be live again: it goes on from there."""
        self._sorted: list[Kept] = []
        self._used: OrderedDict[Kept, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sorted)

    def keep(self, ids: list[int], size: int, row: int) -> None:
        """Keep a context of so many bytes that lies in a row, if there is room."""
        if size > self.room:
            return
        at = bisect_left(self._sorted, ids, key=_ids)
        if at < len(self._sorted) and self._sorted[at].ids[: len(ids)] == ids:
            self._used.move_to_end(self._sorted[at])
            return
        if at and ids[: len(self._sorted[at - 1].ids)] == self._sorted[at - 1].ids:
            self.forget(self._sorted[at - 1])
            at -= 1
        while self.bytes + size > self.room:
            oldest = next(iter(self._used))
            at -= self.forget(oldest) < at
        kept = Kept(ids, size, row)
        self._sorted.insert(at, kept)
        self._used[kept] = None
        self.parked[row] = kept
        self.bytes += size

    def moved(self, sources: Mapping[int, int]) -> None:
        """Take note of which row of the table (key) has what which (value) had."""
        moved = {row: self.parked.pop(source) for row, source in sources.items() if source in self.parked}
        for row, kept in moved.items():
            kept.row = row
        self.parked |= moved

    def copy(self, kept: Kept, kv: Tensor) -> None:
        """Keep a copy of what lies in a row, which is needed."""
        kept.kv = kv.clone()
        del self.parked[kept.row]

    def find(self, ids: list[int]) -> tuple[Kept | None, int]:
        """Return who has the longest known beginning of a context, and how many tokens it has.

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
        return best, longest

    def forget(self, kept: Kept) -> int:
        """Give a context up; return the place it had."""
        at = bisect_left(self._sorted, kept.ids, key=_ids)
        del self._sorted[at], self._used[kept]
        if kept.kv is None:
            del self.parked[kept.row]
        self.bytes -= kept.size
        return at


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
