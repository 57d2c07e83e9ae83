"""What did the models do on the most similar questions? k nearest neighbours by the angle between words' weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.features import tf_idf
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import check_range

_AT_ONCE = 2048
"""Questions compared at once, so that memory stays small whatever the number of questions."""


@router()
@dataclass(kw_only=True)
class Knn(Fitted):
    """Expects the mean quality on the `k` nearest training questions, all of them where there are fewer."""

    k: int = 40

    def __post_init__(self) -> None:
        check_range("knn.k", self.k, 1, 100_000)

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Keep the training questions' vectors, of length 1, and what the models did."""
        self._vectoriser: Any = tf_idf(table.questions)
        self._known: Any = self._vectoriser.transform(table.questions).T.tocsr()
        self._quality = table.quality

    def values(self, questions: Sequence[str]) -> Array:
        """Return means over neighbours, many questions at a time."""
        vectors = self._vectoriser.transform(questions)
        parts = [self._near(vectors[at : at + _AT_ONCE]) for at in range(0, len(questions), _AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.models)))

    def _near(self, vectors: Any) -> Array:
        similar = (vectors @ self._known).toarray()
        k = min(self.k, similar.shape[1])
        nearest = np.argpartition(-similar, k - 1, axis=1)[:, :k]
        mean: Array = self._quality[nearest].mean(axis=1)
        return mean
