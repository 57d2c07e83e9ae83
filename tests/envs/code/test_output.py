"""Is a prediction of a value, or of arguments, paid exactly when it is right?"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.code.examples import Example, read_examples
from syllogym.envs.code.pipelines import draw_numbers, draw_pipeline
from syllogym.envs.doctor import diagnose

SQUARE = {"code": "def f(x):\n    return x * x", "input": "3", "output": "9"}
LOOP = {"code": "def f(n):\n    while n == 7: pass\n    return 1", "input": "0", "output": "1"}


def begin(tmp_path: Path, *rows: dict[str, str], **options: Any) -> Any:
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    env = sg.make("code/output", file=str(file), **options)
    env.reset(seed=0)
    return env


@pytest.mark.parametrize(
    ("reply", "paid"),
    [
        ("<answer>9</answer>", 1),
        ("<answer>9.0</answer>", 0),
        ("<answer>3 * 3</answer>", 0),
        ("<answer>f(3)</answer>", 0),
    ],
    ids=str,
)
def test_a_value_is_right_by_type_and_value_and_never_run(tmp_path: Path, reply: str, paid: int) -> None:
    assert begin(tmp_path, SQUARE).step(reply)[1] == paid


@pytest.mark.parametrize(
    ("reply", "paid"),
    [("<answer>3</answer>", 1), ("<answer>-3</answer>", 1), ("<answer>2</answer>", 0), ("<answer>x</answer>", 0),
     ("<answer>3, 4</answer>", 0), ("<answer>3.0</answer>", 0), ("9", 0)],
    ids=str,
)  # fmt: skip
def test_any_arguments_that_lead_to_the_value_are_right(tmp_path: Path, confined: None, reply: str, paid: int) -> None:
    assert begin(tmp_path, SQUARE, ask="input").step(reply)[1] == paid


def test_arguments_that_send_the_function_round_for_ever_are_wrong(tmp_path: Path, confined: None) -> None:
    assert begin(tmp_path, LOOP, ask="input").step("<answer>7</answer>")[1] == 0


def test_a_mistake_in_a_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(sg.UserError, match=r"Row 2 of .* has an output that cannot be asked for"):
        begin(tmp_path, SQUARE, {**SQUARE, "output": "f(3)"})
    with pytest.raises(sg.UserError, match=r"Row 1 of .* has no field 'source'; it has code, input, output"):
        begin(tmp_path, SQUARE, fields={"code": "source"})


def test_rows_whose_arguments_nobody_could_write_are_left_out(tmp_path: Path, confined: None) -> None:
    with pytest.raises(sg.UserError, match="holds no rows whose arguments are literals"):
        begin(tmp_path, {**SQUARE, "input": "lambda: 0"}, ask="input")


def test_the_environment_is_sound() -> None:
    assert diagnose("code/output").ok


def test_predicting_arguments_is_sound(confined: None) -> None:
    assert diagnose("code/output", ask="input").ok


def test_every_drawn_function_has_a_value_that_can_be_written() -> None:
    dice = random.Random(0)
    for _ in range(500):
        pipeline, numbers = draw_pipeline(dice, 3), draw_numbers(dice, 6)
        assert Example(pipeline.source, repr(numbers), repr(pipeline(numbers))).expected


def test_every_row_of_cruxeval_pays_its_value(shared_data: Path) -> None:
    file = str(shared_data / "data" / "cruxeval" / "cruxeval.jsonl")
    env: Any = sg.make("code/output", file=file)
    env.reset(seed=0)
    rows = read_examples(file, "test", {}, "output")
    assert len(rows) == 400 and all(env.grade(env.solution(row), row) == 1.0 for row in rows)


def test_predictions_of_a_model_are_judged_as_cruxeval_recorded(shared_data: Path) -> None:
    folder = shared_data / "data" / "cruxeval"
    rows = {row["id"]: row for row in map(json.loads, (folder / "cruxeval.jsonl").read_text().splitlines())}
    scored = json.loads((folder / "sample_scored_codellama-7b_temp0.2_output.json").read_text())
    env: Any = sg.make("code/output")
    env.reset(seed=0)
    agreed = []
    for name, labels in scored["raw_scored_generations"].items():
        for said, label in zip(scored["raw_generations"][name], labels, strict=True):
            answer = Example("", "", rows[name]["output"])
            agreed.append((env.grade(f"<answer>{said}</answer>", answer) == 1.0) == label)
    assert len(agreed) == 4000 and all(agreed)
