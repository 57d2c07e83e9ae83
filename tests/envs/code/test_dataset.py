"""Do rows of known data sets become tasks that their own solutions pass, and does every mistake get its sentence?"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import syllogym as sg
from syllogym.envs.code.boxes import box
from syllogym.envs.code.dataset import read_problems
from syllogym.envs.code.problems import Reading
from syllogym.envs.code.programming import Task
from syllogym.envs.code.replies import as_reply
from syllogym.envs.code.sandbox import Limits
from syllogym.envs.doctor import diagnose
from syllogym.scenarios.analysis.pass_at_k import pass_at_k

pytestmark = pytest.mark.usefixtures("confined")

MBPP = {"text": "Square.", "code": "def sq(x): return x * x", "test_setup_code": ""} | {
    "test_list": ["assert sq(2) == 4", "assert sq(3) == 9"]
}
EVAL = {
    "prompt": 'def half(x):\n    return x / 2\n\ndef whole(x):\n    """Undo half."""\n',
    "entry_point": "whole",
    "canonical_solution": "    return x * 2\n",
    "test": "def check(candidate):\n    for x in range(5):\n        assert half(candidate(x)) == x\n",
}
LEET = {
    "prompt": "class Solution:\n    def add(self, a: List[int]) -> int:\n        ",
    "test": "s = Solution()\nt = {'a': [1, 2]}\nassert s.add(**t) == 3\nt = {'a': [5]}\nassert s.add(**t) == 5\n",
}
TYPED = {"question": "Add one.", "solutions": '["print(int(input()) + 1)"]', "starter_code": ""} | {
    "input_output": '{"inputs": ["1\\n", "8\\n"], "outputs": ["2\\n", "9\\n"]}'
}
CALLED = {"question": "Add one.", "solutions": ["class Solution:\n    def up(self, x): return x + 1"]} | {
    "starter_code": "class Solution:\n    def up(self, x):\n",
    "input_output": {"fn_name": "up", "inputs": [[1], [8]], "outputs": [2, 9]},
}


def begin(tmp_path: Path, row: dict[str, Any], **options: Any) -> Any:
    file = tmp_path / "rows.jsonl"
    file.write_text(json.dumps(row) + "\n")
    env = sg.make("code/dataset", file=str(file), **options)
    env.reset(seed=0)
    return env


def passed(tasks: Sequence[Task], seconds: float = 20.0) -> list[bool]:
    """Whether the solution of each task passes its tests."""

    async def one(task: Task) -> bool:
        program, tests = task.whole(task.solution), [*task.shown, *task.hidden]
        limits = Limits(wall=seconds, cpu=seconds)
        return (await box("auto").arun(program, tests, setup=task.setup, limits=limits)).checked().passed

    async def every() -> list[bool]:
        return await asyncio.gather(*map(one, tasks))

    return asyncio.run(every())


@pytest.mark.parametrize(
    ("preset", "row"),
    [("", MBPP), ("mbpp", MBPP), ("humaneval", EVAL), ("apps", TYPED), ("apps", CALLED)],
    ids=["none", "mbpp", "humaneval", "typed", "called"],
)
def test_the_solution_of_a_row_is_paid(tmp_path: Path, preset: str, row: dict[str, Any]) -> None:
    env = begin(tmp_path, row, preset=preset)
    assert env.step(env.solve())[1] == 1.0


@pytest.mark.parametrize(
    ("preset", "row", "program"),
    [
        ("mbpp", MBPP, "def sq(x): return 4"),
        ("humaneval", EVAL, "def half(x): return 0\ndef whole(x): return 0"),
        (
            "humaneval",
            EVAL,
            "class Any:\n    __eq__ = lambda a, b: True\ndef half(x): return Any()\ndef whole(x): return 1",
        ),
        ("leetcode", LEET, "class Solution:\n    def add(self, a): return 5"),
        ("leetcode", LEET, "class Solution:\n    def add(self, a): return 3"),
        ("apps", TYPED, "print(2)"),
        ("apps", CALLED, "class Solution:\n    def up(self, x): return 2"),
    ],
    ids=range(7),
)
def test_a_wrong_program_is_not(tmp_path: Path, preset: str, row: dict[str, Any], program: str) -> None:
    assert begin(tmp_path, row, preset=preset).step(as_reply(program))[1] == 0.0


def test_a_solution_class_may_use_what_leetcode_imports(tmp_path: Path) -> None:
    program = LEET["prompt"] + "return reduce(lambda x, y: x + y, a)"
    assert begin(tmp_path, LEET, preset="leetcode").step(as_reply(program))[1] == 1.0


def test_what_the_prompt_gives_need_not_be_written_again(tmp_path: Path) -> None:
    program = "def whole(x): return x if half(x) == 0 else x * 2"
    assert begin(tmp_path, EVAL, preset="humaneval").step(as_reply(program))[1] == 1.0


@pytest.mark.parametrize(("shown", "seen"), [(0, []), (1, MBPP["test_list"][:1]), (5, MBPP["test_list"][:1])])
def test_shown_tests_are_in_the_prompt_and_hidden_ones_are_not(tmp_path: Path, shown: int, seen: list[str]) -> None:
    told = begin(tmp_path, MBPP, shown=shown).observe("agent")
    assert [line for line in MBPP["test_list"] if line in told] == seen


def test_without_a_name_there_are_problems_of_our_own_which_are_sound() -> None:
    assert len(read_problems("", "")) == 24
    assert diagnose("code/dataset").ok


def test_a_row_without_a_solution_has_no_reference_solver(tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError, match="no solution"):
        begin(tmp_path, LEET, preset="leetcode").solve()


@pytest.mark.parametrize(
    ("row", "options", "message"),
    [
        ({**MBPP, "test_list": ["sq(2)"]}, {}, r"Row 1 of .*rows.jsonl The tests hold no assertion"),
        ({**MBPP, "test_list": ["assert ("]}, {}, r"Row 1 of .* The tests are not Python"),
        ({**MBPP, "code": 1}, {"fields": {"question": "txt"}}, r"Row 1 of .* no field 'txt'.*Did you mean text"),
        (MBPP, {"fields": {"questoin": "text"}}, "Did you mean question"),
        (MBPP, {"preset": "mpbb"}, "Did you mean mbpp"),
        ({**TYPED, "input_output": "{"}, {"preset": "apps"}, r"Row 1 of .* is not in the form of apps"),
        ({**TYPED, "input_output": '{"inputs": [], "outputs": []}'}, {"preset": "apps"}, "has no tests"),
    ],
    ids=["no assertion", "no Python", "field", "fields", "preset", "no JSON", "no tests"],
)
def test_a_mistake_is_named(tmp_path: Path, row: dict[str, Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(sg.UserError, match=message):
        begin(tmp_path, row, **options)


def test_a_preset_without_a_set_on_the_hub_asks_for_a_file() -> None:
    with pytest.raises(sg.UserError, match="'leetcode' knows no data set on the hub: name a file"):
        sg.make("code/dataset", preset="leetcode").reset(seed=0)


@pytest.mark.parametrize(
    ("preset", "file", "rows"),
    [
        ("humaneval", "humaneval/HumanEval.jsonl", 82),
        ("mbpp", "mbpp/mbpp.jsonl", 494),
        ("mbpp_sanitized", "mbpp/sanitized-mbpp.json", 230),
        ("apps", "apps_samples/apps_train_5.jsonl", 3),
    ],
    ids=["humaneval", "mbpp", "mbpp_sanitized", "apps"],
)
def test_every_solution_of_a_real_set_passes(shared_data: Path, preset: str, file: str, rows: int) -> None:
    problems = read_problems(preset, str(shared_data / "data" / file))
    assert passed([task for _, task in problems]) == [True] * rows


def test_rows_of_leetcode_are_read_and_tell_right_from_wrong(shared_data: Path) -> None:
    file = shared_data / "data" / "leetcode_contest180" / "leetcode_contest.jsonl.gz"
    names = [json.loads(line)["title"] for line in gzip.decompress(file.read_bytes()).splitlines()]
    problems = dict(zip(names, read_problems("leetcode", str(file)), strict=True))
    _, task = problems["minimum-number-of-pushes-to-type-word-i"]
    program = (
        "class Solution:\n    def minimumPushes(self, word: str) -> int:\n        n = len(word)\n        return {}\n"
    )
    right = program.format("sum(i // 8 + 1 for i in range(n))")
    tries = [task._replace(solution=solution) for solution in (right, program.format("n"))]
    assert passed(tries) == [True, False]


def test_rows_of_taco_are_read_by_paths(shared_data: Path) -> None:
    file = shared_data / "data" / "livecodebench" / "nemo_gym_code_gen_example5.jsonl"
    fields = {"question": "responses_create_params.input.0.content", "tests": "verifier_metadata.unit_tests"}
    problems = read_problems("apps", str(file), fields={**fields, "solution": ""}, how=Reading(shown=0))
    assert len(problems) == 3 and all(task.hidden for _, task in problems)


SAMPLES = 20


@pytest.mark.parametrize(
    ("problems", "least"),
    [(6, 1.0), pytest.param(82, 0.995, marks=pytest.mark.slow)],
    ids=["a slice", "all"],
)
def test_samples_of_a_model_are_judged_as_recorded_and_so_is_pass_at_k(
    shared_data: Path, problems: int, least: float
) -> None:
    folder = shared_data / "data"
    file = folder / "humaneval" / "HumanEval.jsonl"
    names = [json.loads(line)["task_id"] for line in file.read_text().splitlines()]
    tasks = dict(zip(names, (task for _, task in read_problems("humaneval", str(file))), strict=True))
    packed = (folder / "humaneval_codegen16b_samples" / "codegen16b.jsonl.gz").read_bytes()
    sampled = [json.loads(line) for line in gzip.decompress(packed).splitlines()[:problems]]
    tries = [
        tasks[row["task_id"]]._replace(solution=row["prompt"] + one)
        for row in sampled
        for one in row["samples"][:SAMPLES]
    ]
    ours = np.array(passed(tries, seconds=4.0))
    recorded = np.array([status == "pass" for row in sampled for status in row["status_first20"]])
    assert len(ours) == problems * SAMPLES and (ours == recorded).mean() >= least
    means = [
        pass_at_k([SAMPLES] * problems, right.reshape(-1, SAMPLES).sum(1), [1, SAMPLES]).mean(0)
        for right in (ours, recorded)
    ]
    assert np.abs(means[0] - means[1]).max() <= 1 - least
