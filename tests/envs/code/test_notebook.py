"""Does a notebook keep its state, survive copies and the loss of its process, and leave nothing behind?"""

from __future__ import annotations

import copy
import gc
import os
import pickle
import time
from pathlib import Path

import pytest

from syllogym.envs.code import notebook as module
from syllogym.envs.code.boxes import box
from syllogym.envs.code.notebook import Notebook
from syllogym.envs.code.sandbox import Limits
from syllogym.envs.code.sandbox.running import Local
from syllogym.envs.values import Fault
from syllogym.errors import UserError
from tests.envs.code.sandbox.test_pool import descendants, gone

pytestmark = pytest.mark.usefixtures("confined")

LIMITS = Limits(wall=2.0, cpu=10.0, memory=256 << 20)


def begun(*cells: str, shown: int = 2_000) -> Notebook:
    notebook = Notebook("auto", LIMITS, shown)
    for cell in cells:
        notebook.run(cell)
    return notebook


def processes() -> set[int]:
    return descendants(os.getpid())


def test_state_lasts_from_cell_to_cell() -> None:
    notebook = begun("x = 2\ndef f(n):\n    return n * x", "x += 1")
    assert notebook.run("f(5)") == "15"
    assert notebook.run("y = 1") == "Nothing was printed."


def test_an_error_is_told_with_the_lines_of_the_cells_it_came_through() -> None:
    told = begun("def f(n):\n    return 1 / n").run("print('so far')\nf(0)").splitlines()
    assert told[:4] == [
        "so far",
        "Traceback (most recent call last):",
        '  File "<cell 2>", line 2, in <module>',
        "    f(0)",
    ]
    assert '  File "<cell 1>", line 2, in f' in told and told[-1] == "ZeroDivisionError: division by zero"


def test_what_is_no_python_is_told_with_its_place() -> None:
    told = begun().run("x = (1 +")
    assert '  File "<cell 1>", line 1' in told and "SyntaxError" in told and "ast.py" not in told


def test_an_error_is_told_where_the_program_took_away_the_stream_for_errors() -> None:
    assert "ZeroDivisionError" in begun("import sys\nsys.stderr = 3").run("1 / 0")


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("while True: pass", "timeout: not done after 2 s"),
        ("import os\nos.abort()", "killed: "),
        ("while True: print('x' * 10_000)", "output_limit: "),
    ],
    ids=["loop", "crash", "flood"],
)
def test_a_session_that_dies_is_told_and_begins_empty(cell: str, why: str) -> None:
    notebook = begun("x = 1")
    told = notebook.run(cell)
    assert why in told and told.endswith("It begins anew: nothing is defined.")
    assert "NameError" in notebook.run("x")
    notebook.run("x = 5")
    assert notebook.run("x") == "5"


def test_memory_is_bounded_and_what_was_defined_stays() -> None:
    notebook = begun("x = 1")
    assert "MemoryError" in notebook.run("y = [0] * 10**9")
    assert notebook.run("x") == "1"


def test_long_output_keeps_its_beginning_and_its_end() -> None:
    told = begun(shown=100).run("print('a' * 5000)\n1 / 0")
    assert told.startswith("aaa") and told.endswith("division by zero") and len(told) < 150
    assert "characters ..." in told


def test_output_holds_no_control_characters() -> None:
    assert begun().run("print('\\x1b[31mred\\x00')") == "red"


@pytest.mark.parametrize("how", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))], ids=["copy", "pickle"])
def test_a_copy_goes_on_as_the_original_would_and_leaves_it_alone(how: object) -> None:
    notebook = begun("import random\nx = [random.random()]", "1 / 0", "x += [2]")
    twin = how(notebook)  # type: ignore[operator]
    assert twin.run("x += [random.random()]\nx") == notebook.run("x += [random.random()]\nx")
    twin.run("x = 'twin'")
    assert notebook.run("len(x)") == "3"


def test_a_notebook_whose_process_had_to_make_room_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    notebooks = [begun(f"x = {number}") for number in range(4)]
    assert len(module._idle) <= 2
    assert [one.run("x") for one in notebooks] == ["0", "1", "2", "3"]


def test_a_copy_whose_cells_end_otherwise_is_told_so() -> None:
    notebook = begun("x = 1")
    notebook.cells = ("import os\nos.abort()",)
    twin = copy.deepcopy(notebook)
    assert "It begins anew" in twin.run("x") and twin.cells == ()
    assert notebook.run("x") == "1"


@pytest.mark.parametrize("end", ["dropped", "in a circle", "closed"])
def test_no_process_and_no_descriptor_is_left_of_a_notebook(end: str) -> None:
    begun("0").close()
    before, files = processes(), len(list(Path("/proc/self/fd").iterdir()))
    notebook: Notebook | None = begun("open('left', 'w').write('x')", "x = 1")
    alive = processes() - before
    assert alive
    if end == "closed":
        assert notebook is not None
        notebook.close()
    elif end == "in a circle":
        notebook.me = notebook  # type: ignore[union-attr]
    kept = notebook if end == "closed" else None
    notebook = None
    gc.collect()
    assert gone(alive)
    until = time.monotonic() + 5
    while len(list(Path("/proc/self/fd").iterdir())) > files:
        assert time.monotonic() < until
        time.sleep(0.01)
    if kept is not None:
        assert kept.run("x") == "1"
        kept.close()


def test_a_lost_sandbox_is_a_fault() -> None:
    begun("0").close()
    before = processes()
    notebook = begun("x = 1")
    alive = processes() - before
    backend = box("auto").backend
    assert isinstance(backend, Local)
    for server in list(backend.pool._servers):
        server.end_now()
    assert gone(alive)  # a program may outlive its server by a moment, and would still answer
    with pytest.raises(Fault, match="sandbox failed"):
        notebook.run("x")


def test_a_service_elsewhere_has_no_sessions_and_says_so() -> None:
    with pytest.raises(UserError, match="A session cannot run on"):
        box("http://localhost:9").check_sessions()
