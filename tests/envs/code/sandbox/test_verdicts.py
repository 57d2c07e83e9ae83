"""Does a verdict say what happened: every status, every test, the messages, the limits?"""

from __future__ import annotations

import asyncio

import pytest

from syllogym.envs.code.sandbox import Call, Expression, Limits, Outcome, Sandbox, Stdin, Verdict
from syllogym.envs.code.sandbox.judges import equal
from syllogym.envs.code.sandbox.verdict import printable
from syllogym.envs.values import Fault
from syllogym.errors import UserError
from tests.envs.code.sandbox.conftest import SHORT

ADD = "def add(a, b):\n    return a + b\n"


def test_a_right_program_passes_and_tells_its_isolation(sandbox: Sandbox) -> None:
    verdict = sandbox.run(ADD, [Call("add", (1, 2), 3), Call("add", ("a", "b"), "ab")])
    assert verdict.passed and verdict.fraction == 1 and verdict.outcomes == (Outcome(True), Outcome(True))
    assert verdict.isolation == sandbox.isolation and "seccomp" in verdict.isolation


def test_each_test_has_its_outcome_and_its_message(sandbox: Sandbox) -> None:
    program = "def f(x):\n    return 10 // x\n"
    verdict = sandbox.run(program, [Call("f", (5,), 2), Call("f", (0,), 1), Call("f", (3,), 4)])
    assert [outcome.passed for outcome in verdict.outcomes] == [True, False, False]
    assert verdict.outcomes[1].message == "ZeroDivisionError: integer division or modulo by zero (line 2)"
    assert verdict.outcomes[2].message == "gave 3, expected 4"
    assert verdict.status == "failed" and verdict.message.startswith("test 2 of 3: ZeroDivisionError")


@pytest.mark.parametrize(
    ("program", "status", "message"),
    [
        ("def f(:\n", "compile_error", "SyntaxError: invalid syntax (line 1)"),
        ("x = 1\0\n", "compile_error", "SyntaxError: source code string cannot contain null bytes"),
        ("(" * 300 + ")" * 300, "compile_error", "SyntaxError: too many nested parentheses"),
        ("-" * 100_000 + "1", "compile_error", ""),
        ("def f():\n    while True: pass\n", "timeout", "not done after"),
        ("import time\ntime.sleep(100)\n", "timeout", "not done after 2 s"),
        ("def f(): return bytearray(1 << 40)\n", "memory", "out of memory"),
        ("def f(): print('x' * (1 << 21), flush=True)\n", "output_limit", "more than 1048576 bytes"),
        ("import os\ndef f(): os.abort()\n", "killed", "ended by signal Aborted"),
        ("import ctypes\nctypes.CDLL(None).syscall(165)\n", "violation", "a system call"),
        ("1 / 0\n", "failed", "ZeroDivisionError: division by zero (line 1)"),
        ("def g(): pass\n", "failed", "NameError: name 'f' is not defined"),
        ("def f(): return 2\n", "failed", "gave 2, expected 1"),
        ("def f(): return open\n", "failed", 'gave {"opaque":"builtin_function_or_method"}'),
        ("def f(): return [[f]]\n", "failed", "expected 1"),
        ("import sys\nsys.exit(3)", "failed", "the program left by itself (SystemExit: 3 (line 2))"),
    ],
    ids=range(16),
)
def test_a_status_tells_what_went_wrong(sandbox: Sandbox, program: str, status: str, message: str) -> None:
    verdict = sandbox.run(program, [Call("f", (), 1)], limits=SHORT)
    assert verdict.status == status and message in verdict.message
    assert verdict.fraction == 0


def test_an_empty_program_without_tests_passes(sandbox: Sandbox) -> None:
    assert sandbox.run("").passed


def test_a_run_without_tests_gives_both_outputs(sandbox: Sandbox) -> None:
    verdict = sandbox.run("import sys\nprint(input())\nprint('e', file=sys.stderr)", stdin="héllo\nrest")
    assert (verdict.status, verdict.stdout, verdict.stderr) == ("passed", "héllo\n", "e\n")


def test_each_input_has_a_process_of_its_own(sandbox: Sandbox) -> None:
    program = "import builtins\nbuiltins.n = getattr(builtins, 'n', 0) + 1\nprint(input(), n)"
    assert sandbox.run(program, [Stdin("a", "a 1"), Stdin("b", "b 1")]).passed


def test_outputs_are_compared_without_the_space_that_ends_lines(sandbox: Sandbox) -> None:
    tests = [Stdin("", "1 2\n3\n"), Stdin("", "12\n3")]
    outcomes = sandbox.run("print('1 2 ')\nprint('3\\n')", tests).outcomes
    assert [outcome.passed for outcome in outcomes] == [True, False]


def test_after_a_timeout_further_inputs_are_not_run(sandbox: Sandbox) -> None:
    verdict = sandbox.run("while True: pass", [Stdin("", "")] * 9, limits=SHORT)
    assert verdict.status == "timeout" and verdict.seconds < 4
    assert verdict.outcomes[8].message.startswith("not run: not done after")


def test_answers_before_a_crash_count(sandbox: Sandbox) -> None:
    program = "import os\ndef f(x):\n    if x == 2: os.abort()\n    return x\n"
    verdict = sandbox.run(program, [Call("f", (1,), 1), Call("f", (2,), 2), Call("f", (3,), 3)])
    assert verdict.status == "killed"
    assert [outcome.passed for outcome in verdict.outcomes] == [True, False, False]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -(10**5000),
        0.1,
        float("inf"),
        float("nan"),
        1j,
        "ä\ud800\n",
        b"\x00\xff",
        [1, [2.0, (3,)]],
        {1, 2},
        frozenset({(1, "a")}),
        {"a": {1: None}, (1, 2): []},
    ],
    ids=lambda value: type(value).__name__,
)
def test_plain_values_pass_both_ways(sandbox: Sandbox, value: object) -> None:
    assert sandbox.run("def f(x): return x", [Call("f", (value,), value)]).passed


def test_keywords_methods_and_setup_are_for_the_program(sandbox: Sandbox) -> None:
    program = "class Solution:\n    def add(self, a, b=1): return a + b"
    tests = [
        Call("Solution().add", (1,), 4, {"b": 3}),
        Expression("shared.add(one)", 2),
        Expression("shared.add(1) == 2", 1, equal),
    ]
    assert sandbox.run(program, tests, setup="shared = Solution()\none = 1").passed


def test_a_program_behaves_the_same_each_time(sandbox: Sandbox) -> None:
    program = "import random\ndef f(): return [random.random(), list({'a', 'b', 'c'}), hash('x')]"
    first = sandbox.run(program, [Call("f", (), None)])
    assert first.message == sandbox.run(program, [Call("f", (), None)]).message


def test_its_main_part_is_not_run_when_it_is_called(sandbox: Sandbox) -> None:
    program = "def f(): return 1\nif __name__ == '__main__':\n    f(input())"
    assert sandbox.run(program, [Call("f", (), 1)]).passed


def test_processor_time_and_memory_are_told(sandbox: Sandbox) -> None:
    verdict = sandbox.run("x = bytearray(64 << 20)\nfor _ in range(10**6): pass")
    assert verdict.seconds >= verdict.cpu > 0.01 and verdict.memory > 64 << 20


def test_many_runs_at_once_give_each_its_own_verdict(sandbox: Sandbox) -> None:
    async def all_of_them() -> list[Verdict]:
        runs = (sandbox.arun(f"def f(): return {number}", [Call("f", (), number)]) for number in range(64))
        return await asyncio.gather(*runs)

    assert all(verdict.passed for verdict in asyncio.run(all_of_them()))


def test_a_cancelled_run_ends_and_makes_room(sandbox: Sandbox) -> None:
    async def cancel() -> Verdict:
        endless = Limits(wall=60, cpu=60)
        tasks = [asyncio.create_task(sandbox.arun("while True: pass", limits=endless)) for _ in range(4)]
        await asyncio.sleep(0.3)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return await asyncio.wait_for(sandbox.arun("print(1)"), 10)

    assert asyncio.run(cancel()).passed


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (Call("f", (open,), 1), "An argument for f is of type builtin_function_or_method, which is not plain data."),
        (Call("f", (), open), "The expected value of"),
    ],
    ids=["argument", "expected"],
)
def test_a_test_that_is_not_plain_data_is_the_users_mistake(sandbox: Sandbox, test: Call, message: str) -> None:
    with pytest.raises(UserError, match=message):
        sandbox.run(ADD, [test])


@pytest.mark.parametrize("limits", [{"wall": 0}, {"memory": 1 << 20}, {"output": True}, {"cpu": float("inf")}], ids=str)
def test_a_limit_that_makes_no_sense_is_the_users_mistake(limits: dict[str, float]) -> None:
    with pytest.raises(UserError, match=f"The limit {next(iter(limits))} is"):
        Limits(**limits)  # type: ignore[arg-type]


def test_a_fault_is_raised_and_everything_else_is_not() -> None:
    assert Verdict("timeout").checked().status == "timeout"
    with pytest.raises(Fault, match="The sandbox failed: no memory"):
        Verdict("fault", message="no memory").checked()


def test_text_to_be_shown_holds_no_control_characters() -> None:
    assert printable("\x00a\x1b[2J\x1b]0;title\x07b\r\n\tc\x9b") == "ab\n\tc"
    assert printable("x" * 600) == "x" * 500 + " ..."
