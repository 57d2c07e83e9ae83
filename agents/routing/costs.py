"""What will a call cost? Learnt from the calls of a table: a mean, or what the question's length or words tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from syllogym.agents.routing.features import features_of, sklearn
from syllogym.agents.routing.prompt_length import log_length
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import check_choice

By = Literal["mean", "length", "words"]


class Costs:
    """Expected dollars of every model's call.

    Args:
        table: the calls to learn from.
        by: ``mean`` of each model; ``length``, a straight line over the question's characters, since prompts are paid
            by the token; ``words``, ridge regression on features, which also tells how long the reply will be.

    No call is expected to cost less or more than any that the model made.
    """

    def __init__(self, table: RoutingTable, by: By = "mean") -> None:
        check_choice("Costs are expected by", by, ("mean", "length", "words"))
        self._by = by
        self._mean: Array = table.cost.mean(axis=0)
        self._low, self._high = table.cost.min(axis=0), table.cost.max(axis=0)
        if by == "length":
            fitted = np.linalg.lstsq(_length(table.questions), table.cost, rcond=None)[0]
            self._line = np.asarray(fitted, dtype=np.float64)
        elif by == "words":
            self._features = features_of(table.questions, 64)
            ridge = sklearn("linear_model").Ridge(alpha=30.0)
            self._ridge = ridge.fit(self._features(table.questions), table.cost)

    def __call__(self, questions: Sequence[str]) -> Array:
        """Return what the calls of new questions are expected to cost: (M,) by mean, else (N, M)."""
        if self._by == "mean":
            return self._mean
        if self._by == "length":
            told = _length(questions) @ self._line
        else:
            told = self._ridge.predict(self._features(questions)).reshape(len(questions), -1)
        return np.clip(told, self._low, self._high)


def _length(questions: Sequence[str]) -> Array:
    characters = np.expm1(log_length(questions))
    return np.stack([np.ones_like(characters), characters], axis=1)
