"""Do assertions become pairs that say the same, and does what cannot be split run apart from the program?"""

from __future__ import annotations

import pytest

from syllogym.envs.code.sandbox import Call, Expression, Limits, Sandbox, Script, Verdict
from syllogym.envs.code.sandbox.assertions import convert
from syllogym.errors import UserError

PATIENT = Limits(wall=30, cpu=20)


def judged(sandbox: Sandbox, program: str, source: str, entry: str = "", prelude: str = "") -> Verdict:
    converted = convert(source, entry, prelude)
    return sandbox.run(program, converted.tests, setup=converted.setup, limits=PATIENT)


def test_a_call_and_a_value_are_a_pair() -> None:
    (test,) = convert("assert f([1, 2], key='a') == {'x': (1, 2)}, 'message'").tests
    assert isinstance(test, Call)
    assert (test.function, test.arguments, test.keywords, test.expected) == (
        "f",
        ([1, 2],),
        {"key": "a"},
        {"x": (1, 2)},
    )


def test_what_is_asked_may_be_an_expression_and_stand_on_either_side() -> None:
    tests = convert("assert set(f(1)) == set([1, 2])\nassert 3 == len(f(2))").tests
    assert [(test.source, test.expected) for test in tests if isinstance(test, Expression)] == [
        ("set(f(1))", {1, 2}),
        ("len(f(2))", 3),
    ]


def test_setup_holds_what_questions_need_and_nothing_of_the_answers() -> None:
    converted = convert("import math\nx = [1]\nsolution = Solution()\nassert solution.f(x) == 2\nassert f(1) == 5")
    assert converted.setup == "x = [1]\nsolution = Solution()"


@pytest.mark.parametrize(
    ("assertion", "right", "wrong"),
    [
        ("assert f(1) == 1", "1.0", "2"),
        ("assert f(1)", "[0]", "[]"),
        ("assert not f(1)", "0", "1"),
        ("assert f(1) is None", "None", "0"),
        ("assert f(1) is True", "True", "1"),
        ("assert abs(f(1) - 2.5) < 1e-3", "2.5001", "2.6"),
        ("import math\nassert math.isclose(f(1), 2.5, rel_tol=0.1)", "2.6", "3.0"),
        ("assert f(1) in (1, 2)", "2", "3"),
        ("for x in range(3):\n    assert f(x) == 7", "7", "8"),
        ("y = f(1)\nassert y == 3\nassert y + f(2) == 6", "3", "4"),
        ("try:\n    f(1)\n    assert False\nexcept ZeroDivisionError:\n    pass", "1 // 0", "1"),
        ("import sys\nassert f(1) == sys.maxsize - 1", "2**63 - 2", "2**63"),
        ("assert f(1) == 4 and f(2) == 4", "4", "5"),
    ],
    ids=range(13),
)
def test_a_converted_assertion_says_the_same(sandbox: Sandbox, assertion: str, right: str, wrong: str) -> None:
    assert judged(sandbox, f"def f(x): return {right}", assertion).passed
    assert judged(sandbox, f"def f(x): return {wrong}", assertion).status == "failed"


def test_the_body_of_check_is_about_the_entry() -> None:
    source = "META = {'a': 'x'}\ndef check(candidate):\n    assert candidate(1) == 2\n    assert True, 'x'\ncheck(f)"
    (test,) = convert(source, "add").tests
    assert isinstance(test, Call) and test.function == "add"


def test_a_check_with_a_return_is_one_test(sandbox: Sandbox) -> None:
    source = "def check(candidate):\n    for x in range(3):\n        assert candidate(x) == x\n    return True"
    assert isinstance(convert(source, "f").tests[0], Script)
    assert judged(sandbox, "def f(x): return x", source, "f").passed
    assert not judged(sandbox, "def f(x): return 0", source, "f").passed


def test_tests_that_run_apart_have_an_outcome_each(sandbox: Sandbox) -> None:
    verdict = judged(sandbox, "def f(x): return x", "assert f(1) < 2\nassert f(5) < 2, 'too big'\nassert f(0) < 2")
    assert [outcome.passed for outcome in verdict.outcomes] == [True, False, True]
    assert verdict.message == "`assert f(5) < 2, 'too big'`: too big"


def test_a_prelude_is_trusted_and_not_the_programs(sandbox: Sandbox) -> None:
    prelude = "def double(x): return 2 * x\ndef f(x):\n    'Your task.'"
    test = "assert double(f(2)) == 4"
    assert judged(sandbox, "def double(x): return 0\ndef f(x): return x", test, "f", prelude).passed
    assert not judged(sandbox, "def double(x): return 4\ndef f(x): return 0", test, "f", prelude).passed


@pytest.mark.parametrize(
    "program",
    [
        "class Yes:\n    def __eq__(self, other): return True\n    __lt__ = __gt__ = __eq__\ndef f(x): return Yes()",
        "import os\nos._exit(0)",
        "import sys\nsys.exit(0)",
        "import builtins\nbuiltins.AssertionError = Exception\ndef f(x): return 0",
        "import os\ndef f(x):\n    os.write(3, b'\\0\\0\\0\\2[]' * 9)\n    return 0",
        "import os\ndef f(x): os.close(3)",
        "def f(x): raise SystemExit(0)",
        "import os\ndef f(x): os.write(3, b'\\xff' * 8)",
        "import os, json, struct\ndef f(x):\n    d = json.dumps(['', '']).encode()\n"
        "    os.write(3, (struct.pack('!I', len(d)) + d) * 3)\n",
        "import gc\ndef f(x): return next((o for o in gc.get_objects() if type(o) is list and 77 in o), 0)",
    ],
    ids=range(10),
)
def test_a_program_cannot_talk_tests_into_passing_that_run_apart(sandbox: Sandbox, program: str) -> None:
    verdict = judged(sandbox, program, "assert f(1) > 76 and f(1) == 77\nassert f(2) in [77]")
    assert verdict.fraction == 0 and verdict.status not in ("passed", "fault")


def test_tests_that_share_objects_with_the_program_are_refused(sandbox: Sandbox) -> None:
    with pytest.raises(UserError, match=r"The tests cannot run apart .* hands f a value of type function"):
        judged(sandbox, "def f(g): return g(1)", "assert f(lambda x: x + 1) < 3")


@pytest.mark.parametrize(
    ("source", "message"),
    [("x = 1", "hold no assertion"), ("assert (", "not Python"), ("assert \0", "not Python")],
    ids=str,
)
def test_tests_that_are_none_are_the_users_mistake(source: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        convert(source)


@pytest.mark.parametrize(
    "tests",
    [
        "x = 1\nassert f(x) == 2\nx = 5\nassert f(x) == 6",
        "x = {'x': 1}\nassert f(**x) == 2\nx = {'x': 5}\nassert f(**x) == 6",
        "x = f(0)\nassert f(x) == 2\nx = f(4)\nassert f(x) == 6",
        "x = 0\nx = x + 1\nassert f(x) == 2\nassert [f(x) for x in (4, 5)] == [5, 6]",
    ],
    ids=["value", "keywords", "of the program", "counted"],
)
@pytest.mark.parametrize(("program", "passed"), [("def f(x): return x + 1", True), ("def f(x): return 6", False)])
def test_a_name_has_the_value_it_was_given_last(sandbox: Sandbox, tests: str, program: str, passed: bool) -> None:
    assert judged(sandbox, program, tests).passed == passed


EQUAL_TO_ALL = """
import builtins
builtins.all = builtins.isinstance = all = isinstance = lambda *_: True
class Same:
    __eq__ = __lt__ = __gt__ = __contains__ = lambda self, other: True
    __sub__ = __abs__ = lambda self, *other: 0
def f(*_):
    return Same()
"""


@pytest.mark.parametrize(
    "source",
    [
        "assert (f(1) == 2) == True",
        "assert (f(1) == 2) is True",
        "assert [f(1) == 2, f(2) > 1] == [True, True]",
        "assert f(1) - 0.3 == 0",
        "assert sum(f(x) == y for x, y in [(1, 2), (2, 3)]) == 2",
        "assert all(map(f, [1, 2])) == True",
        "assert isinstance(f(1), int) == True",
        "assert (not f(1) == 2) == False",
    ],
)
def test_what_settles_the_matter_itself_is_not_put_to_the_program(sandbox: Sandbox, source: str) -> None:
    assert isinstance(convert(source).tests[0], Script)
    assert judged(sandbox, EQUAL_TO_ALL, source).fraction == 0


@pytest.mark.parametrize("source", ["f([1] * 3, 2 ** 5) == 2", "f(x=-1)[0] == 2", "f(lambda s: len(s) > 1) == 2"])
def test_reckoning_among_arguments_is_no_reason_to_run_apart(source: str) -> None:
    assert not isinstance(convert(f"assert {source}").tests[0], Script)


def test_an_exception_of_the_program_does_not_end_a_loop_of_the_tests(sandbox: Sandbox) -> None:
    assert not judged(sandbox, "def f(x): raise StopIteration", "assert all(map(f, [1, 2]))").passed
