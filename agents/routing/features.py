"""What does a router see of a question? Weights of its words and letters (TF-IDF), whole or squeezed into few numbers.

Everything is learnt from the questions of the training table alone. scikit-learn is imported when a router is fitted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from syllogym.agents.routing.prompt_length import log_length
from syllogym.envs.routing.table import Array
from syllogym.errors import UserError

_FORMS = (r"\d", r"[A-Z]", r"\n", r"[?]", r"[$\\{}^_=+*/<>-]", r"[(),.;:]", r"[`'\"]")
"""What makes a question look like arithmetic, code or a table: counted in each hundred letters."""


def sklearn(part: str) -> Any:
    """Import a part of scikit-learn. Raises UserError with the line that installs it."""
    import importlib

    try:
        return importlib.import_module(f"sklearn.{part}")
    except ImportError as error:
        raise UserError("This router needs scikit-learn: pip install 'syllogym[routing]'.") from error


def tf_idf(questions: Sequence[str], *, letters: bool = False) -> Any:
    """Return a fitted TF-IDF vectoriser: of words and pairs of words, or of runs of 2 to 4 letters."""
    settings: dict[str, Any] = (
        {"analyzer": "char_wb", "ngram_range": (2, 4), "min_df": 3, "max_features": 60_000}
        if letters
        else {"ngram_range": (1, 2), "min_df": 2, "token_pattern": r"(?u)\b\w+\b|[^\w\s]", "max_features": 60_000}
    )
    vectoriser = sklearn("feature_extraction.text").TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **settings)
    try:
        return vectoriser.fit(questions)
    except ValueError:  # so few questions that no word is there twice
        return vectoriser.set_params(min_df=1).fit([*questions, "a word"])


def form(questions: Sequence[str]) -> Array:
    """Return what a question looks like, (N, 2 + forms): its length, its lines, and how often each form is in it."""
    length = log_length(questions)
    lines = np.log1p([question.count("\n") for question in questions])
    shares = [[100 * len(re.findall(one, question)) / (len(question) + 1) for one in _FORMS] for question in questions]
    return np.column_stack([length, lines, np.log1p(np.array(shares).reshape(len(questions), len(_FORMS)))])


class TextFeatures:
    """Dense features (N, D), each of mean 0 and variance 1 where they were fitted.

    Args:
        dimensions: of the words' and letters' weights that are kept of each (truncated SVD); fewer where there are
            fewer questions.
    """

    def __init__(self, questions: tuple[str, ...], dimensions: int) -> None:
        svd = sklearn("decomposition").TruncatedSVD
        self._squeezers: list[tuple[Any, Any]] = []
        for letters in (False, True):
            vectoriser = tf_idf(questions, letters=letters)
            weights = vectoriser.transform(questions)
            kept = min(dimensions, min(weights.shape) - 1)
            if kept > 0:  # of one question there is nothing to tell apart
                self._squeezers.append((vectoriser, svd(kept, random_state=0).fit(weights)))
        raw = self._raw(questions)
        self._mean, self._spread = raw.mean(axis=0), raw.std(axis=0) + 1e-6
        self._told = lru_cache(maxsize=2)(self._tell)

    def __call__(self, questions: Sequence[str]) -> Array:
        """Return the features of questions."""
        return self._told(tuple(questions))

    def _tell(self, questions: tuple[str, ...]) -> Array:
        scaled: Array = (self._raw(questions) - self._mean) / self._spread
        return scaled.clip(-6, 6)

    def _raw(self, questions: Sequence[str]) -> Array:
        squeezed = [squeezer.transform(vectoriser.transform(questions)) for vectoriser, squeezer in self._squeezers]
        return np.column_stack([*squeezed, form(questions)])


@lru_cache(maxsize=2)
def features_of(questions: tuple[str, ...], dimensions: int) -> TextFeatures:
    """Return features fitted to these questions, those of late again: routers that are compared see the same."""
    return TextFeatures(questions, dimensions)
