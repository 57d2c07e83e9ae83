"""How far does a straight line get? Ridge regression of every model's quality on the weights of words and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from syllogym.agents.routing import router
from syllogym.agents.routing.features import sklearn, tf_idf
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


@router()
@dataclass(kw_only=True)
class TfidfRidge(Fitted):
    """Expects quality linear in the TF-IDF weights; `alpha` is how strongly the weights are drawn to 0.

    `letters` adds runs of letters to the words, which tells code, tables and notation apart.
    """

    alpha: float = 3.0
    letters: bool = False

    def __post_init__(self) -> None:
        if self.alpha <= 0:
            raise UserError(f"tfidf_ridge.alpha is above 0; it is {self.alpha}.")

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Fit all models at once."""
        kinds = (False, True) if self.letters else (False,)
        self._vectorisers = [tf_idf(table.questions, letters=letters) for letters in kinds]
        ridge = sklearn("linear_model").Ridge(alpha=self.alpha, solver="sparse_cg", tol=1e-4)
        self._ridge: Any = ridge.fit(self._weights(table.questions), table.quality)

    def values(self, questions: Sequence[str]) -> Array:
        """Return what the lines say."""
        said: Array = self._ridge.predict(self._weights(questions)).reshape(len(questions), -1)
        return said

    def _weights(self, questions: Sequence[str]) -> Any:
        from scipy.sparse import hstack  # comes with scikit-learn

        return hstack([vectoriser.transform(questions) for vectoriser in self._vectorisers]).tocsr()
