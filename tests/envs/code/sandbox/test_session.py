"""Does a session keep its state, bound every cell, and end for good?"""

from __future__ import annotations

import time
from dataclasses import replace

from syllogym.envs.code.sandbox import Limits, Sandbox
from tests.envs.code.sandbox.conftest import SHORT


def test_state_lasts_from_cell_to_cell(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as session:
        assert session.run("x = 2").stdout == ""
        assert session.run("def f(n):\n    return n * x\nprint('hi')\nf(21)").stdout == "hi\n42\n"
        assert session.run("f('a')").stdout == "'aa'\n"


def test_an_error_is_told_and_the_session_goes_on(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as session:
        verdict = session.run("x = 1\nx / 0")
        assert (verdict.status, verdict.message) == ("failed", "ZeroDivisionError: division by zero (line 2)")
        assert "SyntaxError" in session.run("def").message
        assert session.run("exit()").status == "failed"
        assert session.run("x").stdout == "1\n"


def test_a_traceback_shows_the_lines_of_the_cells(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as session:
        session.run("def f(n):\n    return n / 0")
        verdict = session.run("print('a')\nf(1)")
    assert verdict.stdout.startswith('a\nTraceback (most recent call last):\n  File "<cell 2>", line 2, in <module>\n')
    assert '  File "<cell 1>", line 2, in f\n    return n / 0\n' in verdict.stdout
    assert verdict.message == "ZeroDivisionError: division by zero (line 2)"


def test_more_output_than_is_allowed_in_all_ends_the_session(sandbox: Sandbox) -> None:
    with sandbox.session(replace(SHORT, output=10_000)) as session:
        assert session.run("print('a' * 9_000)").status == "passed"
        verdict = session.run("print('a' * 9_000)")
        assert verdict.status == "output_limit" and session.ended


def test_a_session_may_begin_with_a_program(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT, "def f(): return 5") as session:
        assert session.run("f()").stdout == "5\n"


def test_a_cell_that_takes_too_long_ends_the_session(sandbox: Sandbox) -> None:
    with sandbox.session(Limits(wall=0.3)) as session:
        began = time.monotonic()
        assert session.run("print('a')\nwhile True: pass").status == "timeout"
        assert time.monotonic() - began < 2
        verdict = session.run("1")
        assert verdict.status == "timeout" and verdict.message == "the session has ended: not done after 0.3 s"


def test_what_a_crash_printed_is_told(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as session:
        verdict = session.run("import os\nprint('a', flush=True)\nos.abort()")
        assert (verdict.status, verdict.stdout) == ("killed", "a\n")


def test_a_flood_ends_the_session(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as session:
        verdict = session.run("import os\nwhile True: os.write(3, b'\\xff' * 4096)")
        assert verdict.status in ("output_limit", "violation", "timeout")


def test_an_answer_before_the_question_ends_the_session(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as session:
        session.run("import os\nos.write(3, b'\\0\\0\\0\\3\"v\"' * 5)")
        assert session.run("while True: pass").status == "violation"


def test_sessions_do_not_see_each_other(sandbox: Sandbox) -> None:
    with sandbox.session(SHORT) as one, sandbox.session(SHORT) as other:
        one.run("x = 1\nopen('left', 'w').close()")
        assert "NameError" in other.run("x").message
        assert other.run("import os\nos.listdir('.')").stdout == "[]\n"


def test_a_closed_session_says_so(sandbox: Sandbox) -> None:
    session = sandbox.session(SHORT)
    session.close()
    session.close()
    assert session.run("1").message == "the session has ended"
