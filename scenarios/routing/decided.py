"""What is judged in a report? Decisions on the questions of a table: a router's, or those of a policy that played."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from syllogym.envs.routing.table import Array, RoutingTable


class Decided(Protocol):
    """Decisions on the N questions of a table with M models; `Routed` and `Played` are such."""

    @property
    def name(self) -> str:
        """Who decided, with the setting."""
        ...

    @property
    def table(self) -> RoutingTable:
        """The questions."""
        ...

    @property
    def quality(self) -> Array:
        """(N,) of what came of it."""
        ...

    @property
    def cost(self) -> Array:
        """(N,) dollars."""
        ...

    @property
    def asked(self) -> NDArray[np.bool_]:
        """(N, M) whether a model was asked."""
        ...

    @property
    def answered(self) -> NDArray[np.int64]:
        """(N,) whose reply counts; -1 where nobody was asked."""
        ...

    @property
    def scores(self) -> Array | None:
        """(N, M) quality expected; None where nobody said."""
        ...
