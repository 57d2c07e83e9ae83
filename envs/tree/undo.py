"""How does a tree go back to what it was? By a log of the values that were overwritten; nothing is ever copied."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from syllogym.errors import UserError

if TYPE_CHECKING:
    from syllogym.envs.tree.thought_tree import ThoughtTree


class _Mark(NamedTuple):
    number: int
    entries: int
    visits: int
    nodes: int
    also: int


class Log:
    """Values that were overwritten while a mark is held, and what was there when each mark was made.

    Visits, most of what a search changes, are kept flat: where each began, and the totals from there up to the root.
    """

    _numbers = count(1)  # one for all trees, so that a mark of another tree is recognised

    def __init__(self) -> None:
        self._entries: list[tuple[list[Any], int, Any]] = []
        self._visits: list[int] = []
        self._totals: list[float] = []
        self._marks: list[_Mark] = []

    @staticmethod
    def of(log: Log | None) -> Log:
        """Return the log, or say that no mark is held."""
        if log is None:
            raise UserError("The tree holds no mark: make one with checkpoint() before the changes it may undo.")
        return log

    def hold(self, nodes: int, also: int) -> int:
        """Make a mark, of a tree with so many nodes and further ways."""
        number = next(self._numbers)
        self._marks.append(_Mark(number, len(self._entries), len(self._visits), nodes, also))
        return number

    def keep(self, column: list[Any], node: int) -> None:
        """Note what stands in a column before it is overwritten."""
        self._entries.append((column, node, column[node]))

    def keep_visit(self, node: int, parent: list[int], total: list[float]) -> None:
        """Note the totals of a node and all above it, before a visit is counted there."""
        self._visits.append(node)
        note = self._totals.append
        while node >= 0:
            note(total[node])
            node = parent[node]

    def undo(self, mark: int, tree: ThoughtTree) -> tuple[int, int]:
        """Put back what was overwritten since `mark`; return how many nodes and further ways there were."""
        place = self._find(mark)
        held = self._marks[place]
        for column, node, before in reversed(self._entries[held.entries :]):
            column[node] = before
        for visit in reversed(self._visits[held.visits :]):
            for node in tree.path(visit):
                tree.visits[node] -= 1
                tree.total[node] = self._totals.pop()
        del self._entries[held.entries :], self._visits[held.visits :], self._marks[place + 1 :]
        return held.nodes, held.also

    def release(self, mark: int) -> bool:
        """Forget `mark` and those made after it; say whether none is left."""
        del self._marks[self._find(mark) :]
        return not self._marks

    def _find(self, mark: int) -> int:
        for place in reversed(range(len(self._marks))):
            if self._marks[place].number == mark:
                return place
        held = ", ".join(str(held.number) for held in self._marks)
        raise UserError(f"The tree does not hold the mark {mark}; it holds {held}.")
