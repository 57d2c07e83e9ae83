"""Are routers on RouteLLM's tables as good as others found them? About half of the published rows are here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.routing.held_out import crossed
from syllogym.envs.routing.source import load_table
from syllogym.scenarios.routing.strong_calls import apgr, call_curve


def recovered(spec: dict[str, Any], router: str) -> float:
    """The APGR of a router that never learnt from the questions it decides on."""
    table = load_table(spec)
    weak, strong = table.quality.mean(axis=0).argsort().tolist()
    expected = crossed(table, {router: router}).quality[router]
    low, high = table.quality[:, weak], table.quality[:, strong]
    return apgr(*call_curve(expected[:, strong] - expected[:, weak], low, high), float(low.mean()), float(high.mean()))


def gsm8k(data: Path) -> dict[str, Any]:
    path = data / "data/routing_routellm/gsm8k_responses.csv.gz"
    return {"name": "routellm_gsm8k", "path": str(path), "labels": {"True": 1, "False": 0}}


def mmlu(data: Path) -> dict[str, Any]:
    return {"name": "routellm_mmlu", "path": str(data / "data/routing_routellm/mmlu_two_models.jsonl.gz")}


def test_the_length_of_a_gsm8k_question_recovers_as_much_as_was_found_on_all_of_them(shared_data: Path) -> None:
    assert 0.556 < recovered(gsm8k(shared_data), "prompt_length") < 0.638  # 0.601 of 1,319


def test_words_of_a_gsm8k_question_recover_as_much_as_was_found_on_all_of_them(shared_data: Path) -> None:
    assert 0.563 < recovered(gsm8k(shared_data), "tfidf_ridge") < 0.643  # 0.606 of 1,319


def test_the_length_of_an_mmlu_question_recovers_as_much_as_was_found_on_all_of_them(shared_data: Path) -> None:
    assert recovered(mmlu(shared_data), "prompt_length") == pytest.approx(0.586, abs=0.03)  # of 14,042


@pytest.mark.slow
def test_words_of_an_mmlu_question_recover_much_more_than_its_length(shared_data: Path) -> None:
    assert recovered(mmlu(shared_data), "tfidf_ridge") == pytest.approx(0.677, abs=0.03)  # of 14,042
