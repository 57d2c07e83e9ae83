"""How far does the length of a question alone get? A strong baseline: models differ more on long questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from syllogym.agents.routing import router
from syllogym.agents.routing.fitted import Fitted
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import check_range


@router()
@dataclass(kw_only=True)
class PromptLength(Fitted):
    """Expects of a model what its quality was on questions of about this length.

    With `bins` of equal counts it is the mean in the bin, drawn a little to the model's overall mean (as if `_PRIOR`
    more questions had it); with none it is a straight line over the logarithm of the length, which for two models
    orders questions by their length.
    """

    bins: int = 0

    def __post_init__(self) -> None:
        check_range("prompt_length.bins", self.bins, 0, 10_000)

    def learn(self, table: RoutingTable, seed: int) -> None:
        """Fit the line, or the bins."""
        length = log_length(table.questions)
        if not self.bins:
            design = np.stack([np.ones_like(length), length], axis=1)
            self._line = np.asarray(np.linalg.lstsq(design, table.quality, rcond=None)[0], dtype=np.float64)
            return
        edges: Array = np.quantile(length, np.linspace(0, 1, self.bins + 1)[1:-1])
        self._edges = np.unique(edges)
        at = np.searchsorted(self._edges, length, side="right")
        mean = table.quality.mean(axis=0)
        count = np.bincount(at, minlength=len(self._edges) + 1)[:, None]
        sums = np.zeros((len(count), len(mean)))
        np.add.at(sums, at, table.quality)
        self._binned: Array = (sums + _PRIOR * mean) / (count + _PRIOR)

    def values(self, questions: Sequence[str]) -> Array:
        """Read the line, or the bins."""
        length = log_length(questions)
        if not self.bins:
            lined: Array = self._line[0] + length[:, None] * self._line[1]
            return lined
        binned: Array = self._binned[np.searchsorted(self._edges, length, side="right")]
        return binned


_PRIOR = 4.0


def log_length(questions: Sequence[str]) -> Array:
    """Return the logarithm of each question's length in characters, (N,)."""
    return np.log1p(np.array([len(question) for question in questions], dtype=np.float64))
