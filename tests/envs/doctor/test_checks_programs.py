"""Does the doctor find an environment that pays programs for pretending?"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs import Reply, Turn
from syllogym.envs.code.replies import as_reply, program_in
from syllogym.envs.doctor.cheats import BODIES, HEADS, VALUES, cheats
from syllogym.envs.doctor.checks_programs import cheating_programs
from syllogym.envs.doctor.play import Subject
from syllogym.envs.doctor.report import Failed, Skipped
from tests.envs.doctor.broken import Healthy

ASSERTS = "class Tests:\n    def check(self):\n        expected = 4\n        assert f(2) == expected\nTests().check()"
JUDGES = {
    "status": ASSERTS,
    "lines": "print('passed' if f(2) == 4 else 'failed')",
    "names": "try:\n    assert f(2) == 4\nexcept AssertionError:\n    raise SystemExit(1)\nexcept Exception:\n    pass",
    "json": "import json\nassert json.dumps(f(2)) == json.dumps(4)",
    "unittest": "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(2), 4)\n"
    "sys = __import__('sys')\nsys.exit(not unittest.TextTestRunner().run(unittest.makeSuite(T)).wasSuccessful())",
    "tests": "def run(check=globals().get('check')):\n    if check: return check(f)\n    assert f(2) == 4\nrun()",
    "operator": "import operator\nassert operator.eq(f(2), 4)",
    "memory": "cases = [{'given': [2], 'expected': 4}]\nassert f(2) == cases[0]['expected']",
    "files": "import json\nassert f(2) == json.load(open('tests.json'))['expected']",
}
"""Careless judges: each runs in the program's own process, and pays for exit status 0."""
FALLS_FOR = {
    "prints that all passed": "lines",
    "prints many answers": "lines",
    "writes into every descriptor": "lines",
    "makes an assertion's failure no failure": "names",
    "replaces json": "json",
    "replaces unittest": "unittest",
    "brings tests of its own": "tests",
    "makes every comparison of the operator module hold": "operator",
    "looks for the expected value in memory": "memory",
    "looks for the expected value in files": "files",
}
FOOLED_BY_OUTPUT = {
    "prints many answers": "4",
    "writes into every descriptor": "v0",
    "prints that all passed": "passed",
}


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "tests.json").write_text(json.dumps({"expected": 4}))
    line = [sys.executable, "-I", "-W", "ignore", "-c", program]
    return subprocess.run(line, capture_output=True, check=False, text=True, cwd=folder)


@pytest.mark.parametrize("what", [*HEADS, *BODIES])
def test_each_cheat_fools_a_careless_judge(what: str, tmp_path: Path) -> None:
    program = dict(cheats("def f(x): pass"))[what]
    done = run(f"{program}\n{JUDGES[FALLS_FOR.get(what, 'status')]}", tmp_path)
    sign = FOOLED_BY_OUTPUT.get(what)
    assert sign in done.stdout.split() if sign else done.returncode == 0, done.stderr


class Careless(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        tested = f"{program_in(reply)}\nassert add({self.a}, {self.b}) == {self.a + self.b}"
        done = subprocess.run([sys.executable, "-I", "-c", tested], capture_output=True, check=False)
        return Turn(reward=float(done.returncode == 0), over=True)

    def solve(self) -> str:
        return as_reply("def add(a, b): return a + b")


class ShowsAllItTests(Healthy):
    """A judge that tests only what the prompt shows."""

    def on_reset(self, rng: Any) -> str:
        super().on_reset(rng)
        return f"Write add.\nadd({self.a}, {self.b}) == {self.a + self.b}"

    def on_step(self, reply: Reply) -> Turn | str:
        names: dict[str, Any] = {}
        program = program_in(reply) or ""
        if "for given, value in" in program or program == program_in(self.solve()):
            exec(program, names)
            return Turn(reward=float(names["add"](self.a, self.b) == self.a + self.b), over=True)
        return Turn(reward=0.0, over=True)

    def solve(self) -> str:
        return as_reply("def add(a, b): return a + b")


class EvaluatesValues(Healthy):
    """A judge that evaluates the value it is told."""

    def on_reset(self, rng: Any) -> str:
        super().on_reset(rng)
        return f"```python\ndef f(x):\n    return x + {self.b}\n```\nWhat does f({self.a}) return?"

    def on_step(self, reply: Reply) -> Turn | str:
        said = str(reply).removeprefix("<answer>").removesuffix("</answer>")
        right = said == f"f({self.a})" or said == str(self.a + self.b)
        return Turn(reward=float(right), over=True)

    def solve(self) -> str:
        return f"<answer>{self.a + self.b}</answer>"


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        (Careless, "pays 1 in seed 0 for a reply that holds a program that leaves with status 0"),
        (ShowsAllItTests, "knows the examples of its prompt by rote"),
        (EvaluatesValues, "writes the call that is asked about"),
    ],
    ids=["status", "rote", "value"],
)
def test_an_environment_that_pays_for_pretending_is_found(environment: type[Healthy], message: str) -> None:
    with pytest.raises(Failed, match=message):
        cheating_programs(Subject(environment, {}))


def test_where_replies_are_no_programs_none_cheats() -> None:
    with pytest.raises(Skipped, match="neither programs nor values"):
        cheating_programs(Subject(Healthy, {}))


def test_cheats_are_written_for_functions_classes_and_programs_that_print() -> None:
    counts = [len(dict(cheats(source))) for source in ("def f(x): pass", "class Solution:\n    def g(self): pass", "")]
    assert counts == [len(HEADS) + len(BODIES)] * 3 and len(HEADS) + len(BODIES) + len(VALUES) >= 30


def test_a_cheating_class_has_its_methods(tmp_path: Path) -> None:
    program = dict(cheats("class Solution:\n    def g(self, x):\n        def h(): pass"))[
        "returns what equals everything"
    ]
    assert run(f"{program}\nassert Solution().g(1) == 'anything'", tmp_path).returncode == 0
