"""How do rows become a routing table, and what is said of rows that cannot?"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs.routing.source import Answers, TableSource, load_table, registry, source
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UnknownName, UserError


def load(tmp_path: Path, rows: list[dict[str, Any]], **options: Any) -> RoutingTable:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return load_table({"name": "scores", "path": str(path), **options})


def row(question: str, **scores: Any) -> dict[str, Any]:
    return {"question": question, "scores": scores}


TWO = [row("a", weak=0, strong=1), row("b", weak=0.5, strong=1)]
LACKING = [row("a", weak=0, strong=1), row("b", weak=1), row("c", weak=1, strong=None)]


def test_a_table_has_a_row_a_question_and_a_column_a_model(tmp_path: Path) -> None:
    table = load(tmp_path, TWO)
    assert (table.questions, table.models) == (("a", "b"), ("weak", "strong"))
    assert table.quality.tolist() == [[0.0, 1.0], [0.5, 1.0]]


def test_missing_cells_are_an_error_that_names_row_and_model(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"row 1 \('b'\), model strong has no value \(2 such cells\).*missing: wrong"):
        load(tmp_path, LACKING)


@pytest.mark.parametrize(
    ("missing", "questions", "models"),
    [("wrong", "abc", ["weak", "strong"]), ("drop", "a", ["weak", "strong"]), ("drop_models", "abc", ["weak"])],
)
def test_missing_cells_are_wrong_or_left_out_as_asked(
    tmp_path: Path, missing: str, questions: str, models: list[str]
) -> None:
    table = load(tmp_path, LACKING, missing=missing)
    assert ("".join(table.questions), list(table.models)) == (questions, models)
    assert table.quality.sum() == {"wrong": 3, "drop": 1, "drop_models": 2}[missing]


def test_duplicated_rows_are_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"'a' is there twice for weak.*duplicates: first"):
        load(tmp_path, [row("a", weak=1), row("a", weak=0)])


@pytest.mark.parametrize(("duplicates", "quality"), [("first", [[1.0]]), ("mean", [[0.5]]), ("keep", [[1.0], [0.0]])])
def test_duplicated_rows_hold_as_asked(tmp_path: Path, duplicates: str, quality: list[list[float]]) -> None:
    assert load(tmp_path, [row("a", weak=1), row("a", weak=0)], duplicates=duplicates).quality.tolist() == quality


@pytest.mark.parametrize("label", ["True", "yes"])
def test_text_labels_are_refused_until_it_is_said_what_they_mean(tmp_path: Path, label: str) -> None:
    with pytest.raises(UserError, match=f"of weak on 'a' is the text '{label}', not a number.*labels"):
        load(tmp_path, [row("a", weak=label)])
    assert load(tmp_path, [row("a", weak=label)], labels={label: 1}).quality.tolist() == [[1.0]]


def test_a_quality_beyond_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"quality must be in \[0, 1\]; row 0, model weak has 70"):
        load(tmp_path, [row("a", weak=70)])


def test_an_unknown_model_is_refused_with_the_nearest_known(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no model 'stronk'.*Did you mean strong"):
        load(tmp_path, TWO, models=["stronk"])


def test_models_are_taken_in_the_order_asked_for(tmp_path: Path) -> None:
    assert load(tmp_path, TWO, models=["strong", "weak"]).quality[0].tolist() == [1.0, 0.0]


def test_rows_of_another_form_are_refused_by_number(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Row 0 of .*rows.jsonl is not as 'scores' has them.*'question'"):
        load(tmp_path, [{"prompt": "a"}])


@pytest.mark.parametrize("option", ["missing", "duplicates", "unpriced"])
def test_policies_are_checked_before_a_file_is_read(option: str) -> None:
    with pytest.raises(UserError, match=f"{option} is one of"):
        load_table({"name": "scores", "path": "nowhere.jsonl", option: "perhaps"})


@pytest.mark.parametrize("spec", ["routerbench", {"path": "x.csv"}])
def test_a_table_is_asked_for_by_name_and_path(spec: Any) -> None:
    with pytest.raises(UserError, match="its name and path"):
        load_table(spec)


def test_an_unknown_source_is_told_with_what_is_near() -> None:
    with pytest.raises(UnknownName, match="Did you mean routerbench"):
        load_table({"name": "routerbnech", "path": "x"})


def test_anybody_writes_a_source_of_their_own(tmp_path: Path) -> None:
    @source("test/votes")
    @dataclass(kw_only=True)
    class Votes(TableSource):
        def answers(self, row: Mapping[str, Any]) -> Iterator[Answers]:
            yield Answers(row["asked"], {"crowd": row["yes"] / (row["yes"] + row["no"])})

    path = tmp_path / "votes.jsonl"
    path.write_text('{"asked": "a", "yes": 3, "no": 1}', encoding="utf-8")
    assert "test/votes" in registry.names()
    assert load_table({"name": "test/votes", "path": str(path)}).quality.tolist() == [[0.75]]


def test_every_source_is_at_most_30_lines() -> None:
    lengths = {name: len(registry.source_of(name)[0].read_text("utf-8").splitlines()) for name in registry.own_names()}
    assert len(lengths) >= 10
    assert max(lengths.values()) <= 30
