"""Do the rows of files and known data sets become problems, and does every mistake get its sentence?"""

from __future__ import annotations

import gzip
import json
import pickle
import runpy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

import syllogym as sg
from syllogym.envs.math.dataset import judge
from syllogym.envs.math.equivalence import Verdict
from syllogym.envs.math.presets import PRESETS
from syllogym.envs.math.rows import Row
from syllogym.errors import UserError

ROWS = [{"question": f"What is {n} + {n}?", "answer": str(2 * n), "level": f"Level {n % 3 + 1}"} for n in range(40)]
CHOICE = Row("Which?", "B", ("A)$61", "B)$65.50", "C)x"))


def write(path: Path, rows: list[dict[str, Any]]) -> str:
    """Write rows in the format that the file's name says; return its path."""
    table = pa.Table.from_pylist(rows)
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table, path)
    elif path.suffix == ".csv":
        pyarrow.csv.write_csv(table, path)
    else:
        text = json.dumps(rows) if ".json" in path.suffixes else "".join(json.dumps(row) + "\n" for row in rows)
        path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return str(path)


def begin(**options: Any) -> Any:
    env = sg.make("math/dataset", **options)
    env.reset(seed=0)
    return env


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.parquet", "a.csv", "a.jsonl.gz", "a.json.gz"])
def test_each_format_is_read(tmp_path: Path, name: str) -> None:
    env = begin(file=write(tmp_path / name, ROWS))
    assert env.step(env.solve())[1] == 1.0


def test_without_a_name_there_are_problems_of_our_own() -> None:
    env = begin()
    assert env.step(env.solve())[1:4] == (1.0, True, False)


def test_nothing_is_loaded_before_the_first_reset() -> None:
    sg.make("math/dataset", file="there/is/no/such/file.jsonl")


def test_train_and_eval_share_no_row(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", ROWS)
    seen = {}
    for split in ("train", "eval"):
        env = sg.make("math/dataset", file=file, split=split)
        seen[split] = {str(env.reset(seed=seed)[0]) for seed in range(300)}
    assert not seen["train"] & seen["eval"] and len(seen["train"] | seen["eval"]) == len(ROWS)


def test_a_level_keeps_the_rows_up_to_it(tmp_path: Path) -> None:
    env = sg.make("math/dataset", file=write(tmp_path / "a.jsonl", ROWS), fields={"level": "level"}, level=2)
    levels = set()
    for seed in range(60):
        env.reset(seed=seed)
        levels.add(env.answer.level)
    assert levels == {1.0, 2.0}


def test_fields_may_be_paths_and_templates(tmp_path: Path) -> None:
    rows = [{"chat": [{"role": "user", "content": "2 + 2"}], "truth": {"value": 4.0}, "hint": "Add."}]
    env = sg.make(
        "math/dataset",
        file=write(tmp_path / "a.jsonl", rows),
        fields={"question": "{hint} {chat.0.content}", "answer": "truth.value"},
        template="Think first.\n{question}",
    )
    assert env.reset(seed=0)[0].startswith("Think first.\nAdd. 2 + 2\n") and env.solve() == "\\boxed{4}"


@pytest.mark.parametrize(
    ("form", "reply"),
    [("boxed", "so \\boxed{4}"), ("hashes", "so\n#### 4"), ("tag", "<answer>4</answer>"), ("number", "it is 4.")],
)
def test_the_answer_is_found_in_the_form_asked_for(tmp_path: Path, form: str, reply: str) -> None:
    env = begin(file=write(tmp_path / "a.jsonl", [{"question": "2+2", "answer": "4"}]), extract=form)
    assert env.step(reply)[1] == 1.0


def test_gold_answers_are_found_in_the_form_they_have(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [{"question": "2+2", "answer": "Two more.\n#### 1,004"}])
    assert begin(file=file, gold="hashes").step("\\boxed{1004}")[1] == 1.0


@pytest.mark.parametrize(
    ("reply", "source"),
    [
        ("\\boxed{\\frac{8}{2}}", "number"),
        ("4", "none"),
        ("\\boxed{9^{9^{9^{9}}}}", "timeout"),
        ("\\boxed{4}", "string"),
    ],
)
def test_info_says_what_decided(tmp_path: Path, reply: str, source: str) -> None:
    env = begin(file=write(tmp_path / "a.jsonl", [{"question": "2+2", "answer": "4"}]))
    assert env.step(reply)[4]["verdict"] == source


def test_only_a_declared_tolerance_forgives(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [{"question": "pi", "answer": "3.14159"}])
    assert begin(file=file).step("\\boxed{3.1416}")[1] == 0.0
    assert begin(file=file, tolerance=1e-4).step("\\boxed{3.1416}")[1] == 1.0


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("B", Verdict(True, "choice")),
        ("(b)", Verdict(True, "choice")),
        ("B) $65.50", Verdict(True, "choice")),
        ("A", Verdict(False, "choice")),
        ("65.5", Verdict(True, "number")),
        ("61", Verdict(False, "number")),
    ],
)
def test_a_multiple_choice_takes_the_letter_or_what_it_stands_for(answer: str, verdict: Verdict) -> None:
    assert judge(answer, CHOICE) == verdict


def test_episodes_are_graded_in_threads(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", [{"question": "root", "answer": "\\sqrt{2}"}])

    def play(seed: int) -> float:
        env = sg.make("math/dataset", file=file)
        env.reset(seed=seed)
        return float(env.step(f"\\boxed{{\\frac{{{seed + 2}}}{{{seed + 2}}} \\cdot \\sqrt{{2}}}}")[1])

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(play, range(8))) == [1.0] * 8


def test_an_episode_is_pickled_and_forked() -> None:
    env = begin()
    twin = pickle.loads(pickle.dumps(env.fork()))
    assert twin.step(env.solve())[1] == 1.0


@pytest.mark.parametrize(
    ("rows", "options", "sentence"),
    [
        ([*ROWS, {"question": "b", "answer": None}], {}, "Row 41 of .* has no answer in its field 'answer'"),
        ([{"question": "a", "answer": " "}], {}, "Row 1 of .* has no answer"),
        ([{"question": "a", "answer": "x" * 600}], {}, "Row 1 of .* has an answer of more than 512 characters"),
        ([{"question": "a", "answer": "1"}], {"gold": "boxed"}, "Row 1 of .* has no answer of the form 'boxed'"),
        ([{"question": "a", "answers": "1"}], {}, "no field 'answer'; it has question, answers. Did you mean answers"),
        ([{"question": "a", "answer": {"b": 1}}], {"fields": {"answer": "answer.c"}}, "no field 'answer.c'; it has b"),
        ([{"question": "a", "answer": "1"}], {"fields": {"anser": "x"}}, "not anser. Did you mean answer"),
        ([{"question": "a", "answer": "1"}], {"level": 3}, "Which field of .* is the level"),
        ([{"question": "a", "answer": "1"}], {"extract": "box"}, "not 'box'. Did you mean boxed"),
        ([{"question": "a", "answer": "1"}], {"preset": "gsm9k"}, "not 'gsm9k'. Did you mean gsm8k"),
        ([{"question": "a", "answer": ""}], {"preset": "gaokao"}, "holds no rows with an answer"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_row_and_field(
    tmp_path: Path, rows: list[dict[str, Any]], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        begin(file=write(tmp_path / "a.jsonl", rows), **options)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.jsonl", "", "holds no rows"),
        ("a.json", "[]", "holds no rows"),
        ("a.csv", "question,answer\n", "holds no rows"),
        ("a.jsonl", '{"question": "a"', "cannot be read"),
        ("a.parquet", "PAR1", "cannot be read"),
        ("a.txt", "What?", "is none of .jsonl, .json, .parquet, .csv"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=rf"{name}.*{sentence}"):
        begin(file=str(tmp_path / name))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UserError, match=r"There is no file 'nowhere\.jsonl'"):
        begin(file="nowhere.jsonl")


def test_a_preset_without_a_set_on_the_hub_asks_for_a_file() -> None:
    with pytest.raises(UserError, match="'minerva' knows no data set on the hub: name a file"):
        begin(preset="minerva")


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """The script that measures all of the real data."""
    return runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "math_data.py"))


def test_every_gold_answer_of_the_real_sets_scores(shared_data: Path, measured: dict[str, Any]) -> None:
    found = {file: lost for file, _, lost in measured["golds"](shared_data / "data")}
    assert len(found) == 21 and not any(found.values())


def test_model_solutions_of_gsm8k_are_judged_as_labelled(shared_data: Path, measured: dict[str, Any]) -> None:
    agreed = [label == right for _, label, right, _, _ in measured["solutions"](shared_data / "data")]
    assert len(agreed) == 2640 and sum(agreed) >= 0.99 * len(agreed)


@pytest.mark.parametrize(
    ("preset", "file"), [("dapo", "aime_amc/dapo_aime2024.parquet"), ("aqua", "math_misc/aqua.jsonl")]
)
def test_a_real_set_is_played_to_its_end(shared_data: Path, preset: str, file: str) -> None:
    env = begin(preset=preset, file=str(shared_data / "data" / file))
    assert env.step(env.solve())[1] == 1.0


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_has_a_form_of_answer_we_know(name: str) -> None:
    from syllogym.envs.answers import FORMS

    assert PRESETS[name].gold in FORMS
