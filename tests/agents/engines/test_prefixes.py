"""Is the longest known beginning of a context found, and nothing kept beyond the room for it?"""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from syllogym.agents.engines import prefixes
from syllogym.agents.engines.prefixes import Shelf, common, waves

IDS = st.lists(st.integers(0, 1), min_size=1, max_size=12)
SOME = st.lists(IDS, max_size=20)


def alike(a: list[int], b: list[int]) -> int:
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def cache(ids: list[int]) -> Tensor:
    """Stand for keys and values: 4 bytes a token, which say what the token and those before it were."""
    return torch.tensor(ids, dtype=torch.float32).cumsum(0).view(1, 1, 1, -1, 1)


@given(IDS, IDS)
def test_contexts_have_in_common_what_a_walk_over_both_finds(a: list[int], b: list[int]) -> None:
    assert common(a, b) == alike(a, b)


@given(SOME, IDS)
def test_a_beginning_has_the_keys_and_values_of_its_tokens(kept: list[list[int]], asked: list[int]) -> None:
    shelf = Shelf(1 << 20)
    for ids in kept:
        shelf.keep(ids, cache(ids))
    kv, length = shelf.find(asked)
    assert (kv is None) == (length == 0)
    assert kv is None or torch.equal(kv, cache(asked[:length]))


@given(SOME, IDS)
def test_a_kept_context_that_goes_on_is_found(kept: list[list[int]], new: list[int]) -> None:
    shelf = Shelf(1 << 20)
    for ids in kept:
        shelf.keep(ids, cache(ids))
    for ids in [entry.ids for entry in shelf._sorted]:
        assert shelf.find(ids + new)[1] >= len(ids)


@given(SOME)
def test_no_kept_context_is_the_beginning_of_another(kept: list[list[int]]) -> None:
    shelf = Shelf(1 << 20)
    for ids in kept:
        shelf.keep(ids, cache(ids))
    held = [entry.ids for entry in shelf._sorted]
    assert held == sorted(held)
    assert not any(a != b and b[: len(a)] == a for a in held for b in held)


@given(SOME, st.integers(0, 100))
def test_no_more_is_kept_than_there_is_room_for(kept: list[list[int]], room: int) -> None:
    shelf = Shelf(room)
    for ids in kept:
        shelf.keep(ids, cache(ids))
        assert shelf.bytes == sum(4 * len(entry.ids) for entry in shelf._sorted) <= room
        assert len(shelf) == len(shelf._used)


def test_what_was_used_least_recently_is_given_up_first() -> None:
    shelf = Shelf(12)
    for first in (1, 2, 3):
        shelf.keep([first], cache([first]))
    shelf.find([1, 9])
    shelf.keep([4], cache([4]))
    assert [shelf.find([first, 9])[1] for first in (1, 2, 3, 4)] == [1, 0, 1, 1]


def test_a_short_beginning_of_something_else_is_not_worth_a_look() -> None:
    shelf = Shelf(1 << 20)
    shelf.keep([1] * 100, cache([1] * 100))
    assert shelf.find([1] * 31 + [2, 2])[1] == 0
    assert shelf.find([1] * 32 + [2, 2])[1] == 32


CONTEXTS = st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=150), min_size=1, max_size=12)
KNOWN = st.integers(0, 60)


@given(CONTEXTS, st.lists(KNOWN, min_size=12, max_size=12))
def test_a_context_takes_only_what_an_earlier_wave_has_computed(drawn: list[list[int]], known: list[int]) -> None:
    contexts = sorted({tuple(2 * ids) for ids in drawn})
    asked = [list(ids) for ids in contexts]
    have = [min(length, len(ids) - 1) for length, ids in zip(known, asked, strict=False)]
    computed: set[int] = set()
    for wave in waves(asked, have):
        for at, other, length in wave:
            assert length < len(asked[at])
            assert other in computed or (other == -1 and length == have[at])
            assert other == -1 or asked[other][:length] == asked[at][:length]
            assert other == -1 or length >= have[at] + prefixes._WORTH
        computed |= {at for at, _, _ in wave}
    assert computed == set(range(len(asked)))


def test_contexts_with_one_preamble_need_two_waves() -> None:
    contexts = sorted([7] * 50 + [number, 5, 6] for number in range(20))
    first, second = waves(contexts, [0] * 20)
    assert first == [(0, -1, 0)]
    assert second == [(at, 0, 50) for at in range(1, 20)]
