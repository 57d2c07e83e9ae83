"""Is the longest known beginning of a context found, and nothing kept beyond the room for it?"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.engines import prefixes
from syllogym.agents.engines.prefixes import Shelf, common, waves

IDS = st.lists(st.integers(0, 1), min_size=1, max_size=12)
SOME = st.lists(IDS, max_size=20)


def alike(a: list[int], b: list[int]) -> int:
    return next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def filled(contexts: Iterable[list[int]], room: int = 1 << 20) -> Shelf:
    """Return a shelf with contexts of 4 bytes a token, each in the row that is its number."""
    shelf = Shelf(room)
    for row, ids in enumerate(contexts):
        shelf.keep(ids, 4 * len(ids), row)
    return shelf


@given(IDS, IDS)
def test_contexts_have_in_common_what_a_walk_over_both_finds(a: list[int], b: list[int]) -> None:
    assert common(a, b) == alike(a, b)


@given(SOME, IDS)
def test_a_beginning_is_found_in_the_row_of_a_context_that_has_it(kept: list[list[int]], asked: list[int]) -> None:
    found, length = filled(kept).find(asked)
    assert (found is None) == (length == 0)
    assert found is None or kept[found.row][:length] == asked[:length]


@given(SOME, IDS)
def test_a_kept_context_that_goes_on_is_found(kept: list[list[int]], new: list[int]) -> None:
    shelf = filled(kept)
    for ids in [entry.ids for entry in shelf._sorted]:
        assert shelf.find(ids + new)[1] >= len(ids)


@given(SOME)
def test_no_kept_context_is_the_beginning_of_another(kept: list[list[int]]) -> None:
    shelf = filled(kept)
    held = [entry.ids for entry in shelf._sorted]
    assert held == sorted(held)
    assert not any(a != b and b[: len(a)] == a for a in held for b in held)


@given(SOME, st.integers(0, 100))
def test_no_more_is_kept_than_there_is_room_for(kept: list[list[int]], room: int) -> None:
    shelf = Shelf(room)
    for row, ids in enumerate(kept):
        shelf.keep(ids, 4 * len(ids), row)
        assert shelf.bytes == sum(4 * len(entry.ids) for entry in shelf._sorted) <= room
        assert len(shelf) == len(shelf._used) == len(shelf.parked)


@given(SOME, st.permutations(range(20)), st.sets(st.integers(0, 19)))
def test_what_is_kept_is_followed_from_row_to_row_until_it_is_copied(
    kept: list[list[int]], order: list[int], needed: set[int]
) -> None:
    shelf = filled(kept)
    rows = {id(entry): entry.row for entry in shelf._sorted}
    shelf.moved(dict(enumerate(order)))
    for row in needed & shelf.parked.keys():
        shelf.copy(shelf.parked[row], torch.zeros(1))
    assert all(order[entry.row] == rows[id(entry)] for entry in shelf._sorted)
    assert {entry.row for entry in shelf._sorted if entry.kv is None} == shelf.parked.keys()
    assert not needed & shelf.parked.keys()


def test_what_was_used_least_recently_is_given_up_first() -> None:
    shelf = filled([[1], [2], [3]], room=12)
    shelf.find([1, 9])
    shelf.keep([4], 4, 3)
    assert [shelf.find([first, 9])[1] for first in (1, 2, 3, 4)] == [1, 0, 1, 1]


def test_a_short_beginning_of_something_else_is_not_worth_a_look() -> None:
    shelf = filled([[1] * 100])
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
