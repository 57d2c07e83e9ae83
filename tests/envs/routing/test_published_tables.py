"""Do the published tables, as far as they are here, say what was published? Every figure is of the rows at hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import RoutingTable

CODE = "routing_livecodebench_perf/performances"
ROUTERBENCH = ("arc_challenge", "mbpp", "winograde")


ACCURACY = {
    "gpt-4-1106-preview": 0.8754,
    "Yi-34B-Chat": 0.7638,
    "mixtral-8x7b-chat": 0.7458,
    "gpt-3.5-turbo-1106": 0.7396,
    "claude-v1": 0.7247,
    "claude-instant-v1": 0.6696,
    "llama-2-70b-chat": 0.6255,
    "code-llama-instruct-34b-chat": 0.6088,
    "mistral-7b-chat": 0.5809,
    "WizardLM-13B-V1.2": 0.5666,
    "claude-v2": 0.5511,
}


def routerbench(shared: Path, *parts: str, **options: Any) -> RoutingTable:
    folder = shared / "data" / "routing_routerbench"
    paths = [str(folder / f"routerbench_{part}_{half}.csv.gz") for part in parts for half in ("train", "test")]
    return load_table({"name": "routerbench", "path": paths, **options})


def load(shared: Path, name: str, file: str, **options: Any) -> RoutingTable:
    return load_table({"name": name, "path": str(shared / "data" / file), **options})


def accuracy(table: RoutingTable, model: str) -> float:
    return float(table.quality[:, table.column(model)].mean())


def summary(table: RoutingTable) -> tuple[int, int, float, float]:
    """Questions, models, accuracy of the best model, and of whoever is right."""
    means = table.quality.mean(axis=0)
    return len(table), len(means), round(float(means.max()), 4), round(float(table.quality.max(axis=1).mean()), 4)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("arc_challenge", (747, 11, 0.9531, 0.9839)),
        ("mbpp", (230, 11, 0.6913, 0.8913)),
        ("winograde", (635, 11, 0.8504, 0.9984)),
    ],
)
def test_routerbench_has_its_best_model_and_its_oracle(
    shared_data: Path, part: str, expected: tuple[int, int, float, float]
) -> None:
    assert summary(routerbench(shared_data, part)) == expected


def test_routerbench_records_dollars_replies_and_questions_without_their_examples(shared_data: Path) -> None:
    table = routerbench(shared_data, *ROUTERBENCH)
    thousand = dict(zip(table.models, (1000 * table.cost.mean(axis=0)).round(3).tolist(), strict=True))
    assert thousand["gpt-4-1106-preview"] == pytest.approx(5.051, abs=5e-4)
    assert thousand["mistralai/mistral-7b-chat"] == pytest.approx(0.081, abs=5e-4)
    assert table.replies is not None
    assert max(question.count("Answer:") for question in table.questions) == 1


def test_routerbench_has_the_accuracy_of_every_model_and_of_the_cheapest_who_is_right(shared_data: Path) -> None:
    table = routerbench(shared_data, *ROUTERBENCH, duplicates="keep")
    assert len(table) == 1613
    assert {model.split("/")[-1]: round(accuracy(table, model), 4) for model in table.models} == ACCURACY
    right = table.quality == table.quality.max(axis=1, keepdims=True)
    assert float(table.quality.max(axis=1).mean()) == pytest.approx(0.9764, abs=5e-5)
    assert 1000 * float(np.where(right, table.cost, np.inf).min(axis=1).mean()) == pytest.approx(0.2195, abs=5e-5)


def test_routellm_gsm8k_has_a_weak_and_a_strong_model(shared_data: Path) -> None:
    table = load(shared_data, "routellm_gsm8k", "routing_routellm/gsm8k_responses.csv.gz")
    assert accuracy(table, "mistralai/Mixtral-8x7B-Instruct-v0.1") == pytest.approx(0.6424, abs=5e-5)
    assert accuracy(table, "gpt-4-1106-preview") == pytest.approx(0.8424, abs=5e-5)


def test_routellm_mmlu_counts_doubled_prompts_twice_where_they_are_kept(shared_data: Path) -> None:
    table = load(shared_data, "routellm_mmlu", "routing_routellm/mmlu_two_models.jsonl.gz", duplicates="keep")
    assert len(table) == 7222
    assert accuracy(table, "mixtral_8x7b") == pytest.approx(0.6806, abs=5e-5)
    assert accuracy(table, "gpt4_1106") == pytest.approx(0.8061, abs=5e-5)


def test_mt_bench_has_the_scores_of_both_turns_and_does_not_show_answers(shared_data: Path) -> None:
    table = load(shared_data, "routellm_mt_bench", "routing_routellm/mt_bench_judgements.jsonl.gz")
    assert len(table) == 80
    assert accuracy(table, "gpt-4-1106-preview") == pytest.approx(0.94875)
    assert not any("Reference answer" in question or "Assistant A" in question for question in table.questions)


@pytest.mark.parametrize(
    ("task", "options", "expected"),
    [
        ("gsm", {}, (660, 38, 0.9712, 0.9970)),
        ("math-l5", {"missing": "drop_models"}, (359, 34, 0.8691, 0.9694)),
        ("crux", {}, (400, 43, 0.9625, 0.9950)),
        ("zebra-grid", {}, (470, 46, 0.6957, 0.7617)),
        ("mmlu-redux", {}, (1414, 49, 0.9335, 0.9986)),
    ],
    ids=["gsm", "math-l5", "crux", "zebra-grid", "mmlu-redux"],
)
def test_zeroeval_has_its_best_model_and_its_oracle(
    shared_data: Path, task: str, options: dict[str, Any], expected: tuple[int, int, float, float]
) -> None:
    assert (
        summary(load(shared_data, "zeroeval", f"routing_zeroeval/{task}_correctness.jsonl.gz", **options)) == expected
    )


def test_zeroeval_is_priced_by_a_price_file_where_models_are_in_it(shared_data: Path) -> None:
    prices = str(shared_data / "data" / "routing_prices" / "tokencost_model_prices.json.gz")
    table = load(shared_data, "zeroeval", "routing_zeroeval/gsm_correctness.jsonl.gz", prices=prices, unpriced="drop")
    assert len(table.cards) == 27
    assert (table.cost > 0).all()


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("routerdc", "routing_routerdc_7models/gsm8k-test.json.gz", (660, 7, 0.7027, 0.8318)),
        ("livecodebench", f"{CODE}_generation_2024_05.json.gz", (190, 45, 0.4384, 0.6079)),
        ("livecodebench", f"{CODE}_testgen.json.gz", (87, 37, 0.7544, 0.8931)),
        ("alpaca_eval", "alpaca_eval/alpaca_eval2_preferences.jsonl.gz", (396, 29, 0.7699, 0.9248)),
    ],
    ids=["routerdc", "livecodebench", "livecodebench-tests", "alpaca_eval"],
)
def test_other_tables_have_their_best_model_and_their_oracle(
    shared_data: Path, name: str, file: str, expected: tuple[int, int, float, float]
) -> None:
    assert summary(load(shared_data, name, file)) == expected


def test_llmrouter_is_priced_by_its_own_candidates(shared_data: Path) -> None:
    prices = str(shared_data / "data" / "routing_llmrouter" / "default_llm.json")
    table = load(shared_data, "llmrouter", "routing_llmrouter/scores_test.json", prices=prices)
    assert len(table) == 261
    assert {card.output_price for card in table.cards} > {0.2}


def test_routerarena_sets_models_of_several_files_side_by_side(shared_data: Path) -> None:
    folder = shared_data / "data" / "routing_routerarena"
    paths = [str(folder / f"{model}.jsonl.gz") for model in ("claude-3-haiku-20240307", "gemini-2.0-flash-001")]
    table = load_table({"name": "routerarena", "path": paths})
    assert summary(table) == (420, 2, 0.6920, 0.7412)
