"""Is the garbage collector as it was once the last who asked for quiet is done?"""

from __future__ import annotations

import gc

from syllogym.agents.rare_collections import rare_collections


def test_the_threshold_returns_when_the_last_is_done_whoever_ends_first() -> None:
    before = gc.get_threshold()
    one, other = rare_collections(), rare_collections()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert gc.get_threshold()[0] >= 50_000
    other.__exit__(None, None, None)
    assert gc.get_threshold() == before
