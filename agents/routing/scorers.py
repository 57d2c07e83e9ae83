"""Does a reply look right? What cascades go by: a judge whose errors are known, or one that is learnt from replies."""

from __future__ import annotations

from collections.abc import Sequence
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
        table: to learn from. replies: N rows of M texts.
    """

    def __init__(self, table: RoutingTable, replies: Sequence[Sequence[str]]) -> None:
        self._questions: Any = tf_idf(table.questions)
        self._replies: Any = tf_idf([reply for row in replies for reply in row])
        self._many = len(table.cards)
        right = table.quality.ravel() >= 0.5
        if right.all() or not right.any():
            raise UserError(f"{table.name}: every reply is {'right' if right.all() else 'wrong'}; nothing to learn.")
        regression = sklearn("linear_model").LogisticRegression(C=1.0, max_iter=300)
        self._regression: Any = regression.fit(self._seen(table.questions, replies), right)

    def __call__(self, questions: Sequence[str], replies: Sequence[Sequence[str]]) -> Array:
        """Return the probability (N, M) that each reply is right."""
        said: Array = self._regression.predict_proba(self._seen(questions, replies))[:, 1]
        return said.reshape(len(questions), self._many)

    def _seen(self, questions: Sequence[str], replies: Sequence[Sequence[str]]) -> Any:
        """Return sparse features, one row for each reply."""
        from scipy.sparse import csr_matrix, hstack, identity, vstack  # comes with scikit-learn

        if len(replies) != len(questions) or any(len(row) != self._many for row in replies):
            raise UserError(f"The scorer needs {self._many} replies to each of {len(questions)} questions.")
        each = np.repeat(np.arange(len(questions)), self._many)
        flat = [reply for row in replies for reply in row]
        question = self._questions.transform(questions)[each]
        who = vstack([identity(self._many, format="csr")] * len(questions))
        length = csr_matrix(np.log1p([[len(reply), reply.count("\n")] for reply in flat]))
        return hstack([question, self._replies.transform(flat), who, length]).tocsr()
