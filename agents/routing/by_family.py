"""Which kind of task is it, and who is good at that? A classifier of questions, and each family's means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.features import features_of, sklearn
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError, check_range


@router()
@dataclass(kw_only=True)
class ByFamily(Fitted):
    """Expects the mean quality of the family that a question seems to be of, or of several by how likely each is.

    The family is known of training questions only. A family's mean is drawn to the model's overall one, as if it had
    `prior` more questions of that. It has few numbers to learn, so it does well where there are few questions.
    """

    dimensions: int = 64
    prior: float = 10.0

    def __post_init__(self) -> None:
        check_range("by_family.dimensions", self.dimensions, 1, 10_000)
        if self.prior < 0:
            raise UserError(f"by_family.prior is 0 or more; it is {self.prior}.")

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Fit the classifier, and take the means."""
        families, at = np.unique(np.asarray(table.families), return_inverse=True)
        sums = np.zeros((len(families), len(table.cards)))
        np.add.at(sums, at, table.quality)
        count = np.bincount(at)[:, None]
        self._means: Array = (sums + self.prior * table.quality.mean(axis=0)) / (count + self.prior)
        if len(families) > 1:
            self._features = features_of(table.questions, self.dimensions)
            regression = sklearn("linear_model").LogisticRegression(C=0.1, max_iter=300)
            self._classifier: Any = regression.fit(self._features(table.questions), at)

    def values(self, questions: Sequence[str]) -> Array:
        """Return the families' means, weighted by how likely a question is of each."""
        if len(self._means) == 1:
            return np.repeat(self._means, len(questions), axis=0)
        likely: Array = self._classifier.predict_proba(self._features(questions))
        return likely @ self._means
