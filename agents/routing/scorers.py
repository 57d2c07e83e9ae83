"""Does a reply look right? What cascades go by: a judge whose errors are known, or one that is learnt from replies."""

from __future__ import annotations

from typing import Any

import numpy as np

from syllogym.agents.routing.features import sklearn, tf_idf
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError


def simulated(table: RoutingTable, *, right: float = 0.9, wrong: float = 0.1, samples: int = 1, seed: int = 0) -> Array:
    """Return (N, M) how often, of `samples` times, a judge with known errors calls a reply right.

    It says so of a right reply with probability `right`, of a wrong one with `wrong`. RouterBench's judge with an error
    rate e (arXiv 2403.12031) has right = 1 - e and wrong = e; AutoMix (arXiv 2310.12963) asks a verifier 8 times.
    """
    if not (0 <= wrong <= 1 and 0 <= right <= 1) or samples < 1:
        raise UserError(
            f"A simulated judge needs probabilities and at least one sample; not {right}, {wrong}, {samples}."
        )
    says = wrong + (right - wrong) * table.quality
    said: Array = np.random.default_rng(seed).binomial(samples, says) / samples
    return said


class ReplyScorer:
    """Logistic regression from a question's and a reply's words, and who replied, to the reply being right.

    Args:
        table: to learn from; it has to keep the replies.
    """

    def __init__(self, table: RoutingTable) -> None:
        self._questions: Any = tf_idf(table.questions)
        self._replies: Any = tf_idf(_replies(table))
        self._models = table.models
        right = table.quality.ravel() >= 0.5
        if right.all() or not right.any():
            raise UserError(f"{table.name}: every reply is {'right' if right.all() else 'wrong'}; nothing to learn.")
        regression = sklearn("linear_model").LogisticRegression(C=1.0, max_iter=100)
        self._regression: Any = regression.fit(self._seen(table), right)

    def __call__(self, table: RoutingTable) -> Array:
        """Return the probability (N, M) that each reply is right. Raises UserError for other models."""
        if table.models != self._models:
            raise UserError(f"The scorer learnt from {', '.join(self._models)}; {table.name} has other models.")
        said: Array = self._regression.predict_proba(self._seen(table))[:, 1]
        return said.reshape(table.quality.shape)

    def _seen(self, table: RoutingTable) -> Any:
        """Return sparse features, one row for each reply."""
        from scipy.sparse import csr_matrix, hstack, identity, vstack  # comes with scikit-learn

        replies = _replies(table)
        question = self._questions.transform(table.questions)[np.repeat(np.arange(len(table)), len(self._models))]
        who = vstack([identity(len(self._models), format="csr")] * len(table))
        length = csr_matrix(np.log1p([[len(reply), reply.count("\n")] for reply in replies]))
        return hstack([question, self._replies.transform(replies), who, length]).tocsr()


def _replies(table: RoutingTable) -> list[str]:
    """Return the replies, row by row."""
    if table.replies is None:
        raise UserError(f"{table.name} keeps no replies, so a scorer cannot learn from them; use one of questions.")
    return [str(reply) for reply in table.replies.ravel()]
