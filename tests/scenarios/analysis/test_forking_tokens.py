"""Are tokens ranked by the entropy of the draws they came from, with the places where they stood?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from syllogym.algorithms.core.batch import Batch
from syllogym.scenarios.analysis.forking_tokens import ForkingTokens, forking_tokens
from tests.algorithms.flat import batch_of

IDS = [[9, 1, 2, 3, 1], [9, 1, 2, 4, 4]]
ENTROPY = np.array([0.2, 0.0, 1.0, 0.4, 0.6, 0.1, 0.9, 0.7])


def decode(ids: Sequence[int]) -> str:
    return "".join("abcdefghij"[token] for token in ids)


def batch() -> Batch:
    made = batch_of([[1] * 4, [1] * 4])
    made.sequences = [torch.tensor(ids) for ids in IDS]
    return made


def table(rows: int = 15, minimum: int = 1) -> ForkingTokens:
    return forking_tokens(batch(), ENTROPY, decode, rows, minimum)


def test_the_mean_entropy_of_a_token_is_that_of_the_draws_it_came_from() -> None:
    found = {row.token: (row.entropy, row.count) for row in (*table().highest, *table().lowest)}
    expected = {"b": (0.4, 3), "c": (0.05, 2), "d": (1.0, 1), "e": (0.8, 2)}
    assert found == {token: (pytest.approx(mean), count) for token, (mean, count) in expected.items()}


def test_no_token_is_in_both_lists() -> None:
    assert [row.token for row in table().highest] == ["d", "e"]
    assert [row.token for row in table().lowest] == ["c", "b"]


def test_lists_are_as_long_as_asked() -> None:
    found = table(rows=1)
    assert ([row.token for row in found.highest], [row.token for row in found.lowest]) == (["d"], ["c"])


def test_rare_tokens_are_left_out() -> None:
    assert "d" not in [row.token for row in (*table(minimum=2).highest, *table(minimum=2).lowest)]


def test_contexts_are_what_stood_before_the_token_prompt_included() -> None:
    assert next(row.contexts for row in table().highest if row.token == "e") == ["jbc", "jbce"]


def test_the_top_fifth_is_counted_over_all_sampled_tokens() -> None:
    found = table()
    assert (found.threshold, found.top_share) == pytest.approx((0.9, 1.9 / 3.9))
