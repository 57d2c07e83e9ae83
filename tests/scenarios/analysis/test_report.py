"""Do the sentences say what the numbers mean, and can nothing that a policy says break the page?"""

from __future__ import annotations

import pytest

from syllogym.scenarios.analysis.forking_tokens import ForkingTokens, TokenEntropy
from syllogym.scenarios.analysis.pass_at_k import compare
from syllogym.scenarios.analysis.report import token_tables, verdict


def said(base: list[int], trained: list[int]) -> str:
    tries = [8] * len(base)
    return verdict(compare((tries, base), (tries, trained), [1, 2, 4, 8]), 8)


@pytest.mark.parametrize(
    ("base", "trained", "begins"),
    [
        ([0, 0, 0, 0, 0, 4], [5, 8, 8, 1, 1, 8], "Discovers: the trained policy solves instances"),
        ([1, 1, 1, 1, 1, 4], [5, 8, 8, 1, 1, 8], "Amplifies: pass@1 rises, on instances that the base can solve too."),
        ([0, 1, 1, 1, 1, 4], [5, 8, 8, 8, 8, 8], "Amplifies"),  # one newly solved instance may be luck
        ([0, 4, 4, 0], [0, 4, 4, 0], "Neither discovers nor amplifies: pass@1 does not rise beyond chance."),
    ],
)
def test_the_verdict_is_discovery_only_beyond_chance(base: list[int], trained: list[int], begins: str) -> None:
    assert said(base, trained).startswith(begins)


def test_what_was_lost_and_where_the_base_is_above_is_said_too() -> None:
    text = said([1, 1, 1, 1], [8, 8, 0, 0])
    assert "Newly solved: 0, no longer solved: 2, out of 4 instances tried 8 times by each" in text
    assert text.endswith("The base is first above at k = 8.")


def test_a_token_can_neither_end_its_cell_nor_its_code_span_nor_steer_a_terminal() -> None:
    row = TokenEntropy("`|\x1b", 1.0, 9, ["a\nb "])
    text = token_tables(ForkingTokens(9, 5, 1.0, 1.0, 1.0, [row], []))
    assert "| `` `&#124;\\x1b `` | 1.000 | 9 | `a⏎b␣` |" in text
