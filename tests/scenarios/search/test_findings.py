"""Is every strategy measured rightly, and beside the best baseline at what it used itself?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from syllogym.scenarios.search.findings import best_of, find, over_seeds
from syllogym.scenarios.search.grid import BASELINES
from syllogym.scenarios.search.pictures import draw_curves, draw_pass_at_k
from syllogym.scenarios.search.report import markdown
from syllogym.scenarios.search.search_record import SearchRecord
from tests.scenarios.search.conftest import record


def grid() -> list[SearchRecord]:
    """Four problems: the strategy solves three for 40 tokens, best_of_n one within 40 and two within 100."""
    records = [record(at, [(0, 0.0), (30, float(at < 3))], 40) for at in range(4)]
    for name in BASELINES:
        best = [(20, 1.0), (90, 1.0), (95, 0.0), (95, 0.0)] if name == "best_of_n" else [(10, 0.0)] * 4
        records += [record(at, [(0, 0.0), point], 100, name) for at, point in enumerate(best)]
    return records


def test_the_gain_is_over_the_best_baseline_at_the_tokens_that_were_used() -> None:
    rows = {row.strategy: row for row in find("title", grid()).rows}
    row = rows["tot_bfs"]
    assert row.accuracy.mean == [0.75] and row.usage["tokens"] == 40
    assert row.rival == "best_of_n" and row.gain is not None and row.gain.mean == [0.5]
    assert rows["best_of_n"].accuracy.mean == [0.5] and rows["best_of_n"].gain is None


def test_one_of_the_k_best_is_counted_by_k() -> None:
    records = [record(0, [(0, 0.0)], best=[0.0, 1.0]), record(1, [(0, 0.0)], best=[1.0]), record(2, [(0, 0.0)])]
    assert best_of(records)[:3] == pytest.approx([1 / 3, 2 / 3, 2 / 3])


def test_pass_at_k_over_seeds_is_the_unbiased_estimate() -> None:
    """Of three seeds one is right: pass@1 1/3, pass@2 1 - C(2,2)/C(3,2) = 2/3, pass@3 1."""
    records = [record(0, [(0, float(seed == 1))], seed=seed) for seed in range(3)]
    assert over_seeds(records) == pytest.approx([1 / 3, 2 / 3, 1.0])


@pytest.mark.parametrize(("illegal", "told"), [(9.0, True), (1.0, False)])
def test_thoughts_that_mostly_led_nowhere_are_told(illegal: float, told: bool) -> None:
    records = [record(0, [(100, 0.0)], strategy=name) for name in ("tot_bfs", "io", "cot", "self_consistency")]
    records += [record(0, [(100, 0.0)], strategy="best_of_n")]
    astray = replace(records[0], tree={**records[0].tree, "illegal": illegal})
    text = markdown(find("title", [astray, *records[1:]]))
    assert ("tot_bfs: more than 80% of the thoughts that were proposed led nowhere" in text) == told


def test_a_search_lost_to_a_fault_is_told() -> None:
    records = grid()
    broken = SearchRecord(**{**vars(records[0]), "score": 0.0, "fault": "The endpoint is gone."})
    told = markdown(find("title", [broken, *records[1:]]))
    assert "tot_bfs, 100 tokens: 1 of 4 searches were lost to faults" in told and "The endpoint is gone." in told


def test_the_pictures_are_pictures() -> None:
    findings = find("title", grid())
    assert all(draw(findings).startswith(b"\x89PNG") for draw in (draw_curves, draw_pass_at_k))


def test_a_record_is_read_as_it_was_written() -> None:
    assert all(SearchRecord.from_json(one.to_json()) == one for one in grid())
