"""Is any reply paid that is no solution? The doctor's cheats in every form of task, and replies of many odd shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.code.replies import as_reply
from syllogym.envs.doctor.checks_programs import cheating_programs
from syllogym.envs.doctor.play import Subject
from tests.envs.code import rows

pytestmark = pytest.mark.usefixtures("confined")

KINDS: dict[str, tuple[str, dict[str, Any], rows.Row | None, int]] = {
    "functions": ("code/functions", {}, None, 60),
    "repair": ("code/repair", {}, None, 60),
    "own problems": ("code/dataset", {}, None, 60),
    "completed functions": ("code/dataset", {"preset": "humaneval_plus"}, rows.HUB_HUMANEVAL, 60),
    "a class": ("code/dataset", {"preset": "livecodebench"}, rows.LIVE_CALLED, 60),
    "a class of APPS": ("code/dataset", {"preset": "apps"}, rows.CALLED, 60),
    "typed": ("code/dataset", {"preset": "apps"}, rows.TYPED, 60),
    "outputs": ("code/output", {}, None, 30),
    "inputs": ("code/output", {"ask": "input"}, None, 30),
}


@pytest.mark.parametrize("name", KINDS)
def test_no_code_environment_pays_a_cheat(name: str, tmp_path: Path) -> None:
    environment, options, row, least = KINDS[name]
    if row is not None:
        (tmp_path / "rows.jsonl").write_text(json.dumps(row))
        options = {**options, "file": str(tmp_path / "rows.jsonl")}
    told = cheating_programs(Subject(type(sg.make(environment, **options)), options))
    count, _, rest = told.partition(" ")
    assert int(count) >= least and rest == "replies, none paid"


def program_of(env: Any) -> str:
    return str(env.answer.solution).rstrip()


def table_of(env: Any) -> dict[str, Any]:
    return {str(test.arguments[0]): test.expected for test in env.answer.shown}


ODD: dict[str, Callable[[Any], str]] = {
    "nothing": lambda env: "",
    "an empty block": lambda env: "```python\n```",
    "a block of spaces": lambda env: "```python\n   \n\n```",
    "the solution without a block": program_of,
    "the solution in one line of prose": lambda env: f"Use ```python {program_of(env)}``` here.",
    "the solution in another language": lambda env: f"```javascript\n{program_of(env)}\n```",
    "the solution on the line of a fence": lambda env: (
        f"```python {program_of(env).partition(chr(10))[0]}```\nSee?\n```"
    ),
    "the solution as text": lambda env: f"```text\n{program_of(env)}\n```",
    "the solution in a block that never ends": lambda env: f"```python\n{program_of(env)}\n",
    "the solution before a wrong last word": lambda env: f"{env.solve()}\nNo:\n{as_reply('def f(xs): return None')}",
    "the solution before a block cut off": lambda env: f"{env.solve()}\nBetter:\n```python\ndef f(xs):",
    "the solution as a comment": lambda env: as_reply("\n".join(f"# {line}" for line in program_of(env).splitlines())),
    "the solution as a text in a program": lambda env: as_reply(f"SOLUTION = {program_of(env)!r}"),
    "look-alike letters": lambda env: as_reply(program_of(env).replace("def f(", "def ƒ(")),
    "spaces of no width": lambda env: as_reply(program_of(env).replace("def f", "def\N{ZERO WIDTH SPACE} f")),
    "a NUL": lambda env: as_reply(program_of(env).replace("def f", "\x00def f")),
    "a lone surrogate": lambda env: as_reply(program_of(env) + "\n#\ud800"),
    "an enormous program": lambda env: as_reply(program_of(env) + "\n" + "# x\n" * 50_000),
    "an enormous reply": lambda env: "x" * 2_000_000,
    "ten thousand blocks": lambda env: "```python\npass\n```\n" * 10_000,
    "a function of another name": lambda env: as_reply(program_of(env).replace("def f(", "def g(")),
    "a function that prints": lambda env: as_reply(program_of(env).replace("return ", "print(") + ")"),
    "a class instead": lambda env: as_reply("class f:\n    def __init__(self, xs): self.xs = xs"),
    "a generator": lambda env: as_reply(program_of(env).replace("return ", "yield ")),
    "the prompt": lambda env: str(env.observe("agent")),
    "the shown outputs": lambda env: "\n".join(repr(test.expected) for test in env.answer.shown),
    "the shown outputs, printed": lambda env: as_reply(f"print({[test.expected for test in env.answer.shown]!r})"),
    "a table of what is shown": lambda env: as_reply(f"def f(xs): return {table_of(env)!r}.get(str(xs))"),
    "the first hidden answer": lambda env: as_reply(f"def f(xs): return {env.answer.hidden[0].expected!r}"),
    "edited tests": lambda env: as_reply("tests = []\nhidden = ()\ndef check(f): return True\ndef f(xs): return None"),
}


@pytest.mark.parametrize("environment", ["code/functions", "code/repair"])
@pytest.mark.parametrize("what", ODD)
def test_a_reply_that_is_no_solution_is_not_paid(environment: str, what: str) -> None:
    for seed in range(2):
        env: Any = sg.make(environment, steps=3, max_turns=1)
        env.reset(seed=seed)
        assert env.step(ODD[what](env))[1] == 0.0


GOOD: dict[str, Callable[[Any], str]] = {
    "prose around it": lambda env: f"First I think.\n\n{env.solve()}\n\nThat is all.",
    "a block of output behind it": lambda env: f"{env.solve()}\nIt prints\n```text\n[1]\n```",
    "no language": lambda env: env.solve().replace("```python", "```"),
    "capitals": lambda env: env.solve().replace("```python", "```Python"),
    "tests of its own": lambda env: as_reply(
        program_of(env) + "\nif __name__ == '__main__':\n    assert f([]) is not 3"
    ),
    "Windows' ends of lines": lambda env: env.solve().replace("\n", "\r\n"),
    "four spaces before the fence": lambda env: env.solve().replace("```", "    ```"),
    "a fence of four": lambda env: env.solve().replace("```", "````"),
    "words behind the language": lambda env: env.solve().replace("```python", "```python title=f.py"),
}


@pytest.mark.parametrize("what", GOOD)
def test_a_solution_is_paid_whatever_surrounds_it(what: str) -> None:
    env: Any = sg.make("code/functions")
    env.reset(seed=0)
    assert env.step(GOOD[what](env))[1] == 1.0
