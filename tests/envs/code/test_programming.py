"""Is a program paid for what it does, told what it may know, and never paid for cheating?"""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.code.drawn_tasks import draw_task
from syllogym.envs.code.pipelines import varied
from syllogym.envs.code.programming import Programming, Task
from syllogym.envs.code.replies import as_reply, program_in
from syllogym.envs.code.sandbox import Call
from syllogym.envs.doctor import diagnose

pytestmark = pytest.mark.usefixtures("confined")

TASK = Task("def f(x): return x * x", (Call("f", (3,), 9), Call("f", (-1,), 1)), (Call("f", (2,), 4),))
CHEATS = [
    "import os\nos._exit(0)",
    "import sys\nsys.exit(0)",
    "class Always:\n    def __eq__(self, other): return True\ndef f(x): return Always()",
    "class All(int):\n    __hash__ = int.__hash__\n    def __eq__(self, it): return True\ndef f(x): return All(7)",
    "import builtins\nbuiltins.AssertionError = Exception\ndef f(x): return 0",
    "def f(x): raise SystemExit(0)",
    "def f(x):\n    print('passed')\n    return None",
    "import os\ndef f(x): os.write(3, b'v9\\n' * 9)",
    "import sys\ndef f(x):\n    frame = sys._getframe()\n    while frame.f_back: frame = frame.f_back\n"
    "    return frame.f_locals.get('expected')",
]  # fmt: skip


class Square(Programming):
    """Write a square."""

    def draw(self, rng: random.Random) -> tuple[str, Task]:
        return "Write f(x), the square of x.", TASK


def begin(**options: Any) -> Any:
    env = Square(**options)
    env.reset(seed=0)
    return env


def step(program: str, **options: Any) -> Any:
    return begin(**options).step(as_reply(program))


def test_a_program_that_passes_all_tests_is_paid() -> None:
    assert step("def f(x): return x ** 2")[1] == 1.0


@pytest.mark.parametrize("program", CHEATS, ids=range(len(CHEATS)))
@pytest.mark.parametrize("partial", [False, True])
def test_a_cheat_is_paid_nothing(program: str, partial: bool) -> None:
    assert step(program, partial=partial)[1] == 0.0


@pytest.mark.parametrize(
    ("program", "paid"),
    [
        ("def f(x): return x * abs(x)", 0.5),
        ("def f(x): return 4", 0.0),
        ("def f(x): return 0 if x == 2 else x * x", 0.99),
    ],
    ids=["half", "by rote", "but the shown"],
)
def test_partial_pay_is_the_share_of_hidden_tests(program: str, paid: float) -> None:
    assert step(program, partial=True)[1] == paid


def test_without_partial_pay_almost_right_is_wrong() -> None:
    assert step("def f(x): return x * abs(x)")[1] == 0.0


def test_a_reply_without_a_program_costs_what_the_format_is_worth() -> None:
    _, reward, _, _, info = begin(format=0.25).step("f(x) = x * x")
    assert reward == -0.25 and info == {"verdict": "none", "reward": {"correct": 0.0, "format": -0.25}}


def test_feedback_tells_of_shown_tests_and_of_no_other() -> None:
    told = step("def f(x): return x + 1", max_turns=2)[0]
    assert told == "f(2) gave 3, expected 4\nTry again."


def test_feedback_on_hidden_tests_only_says_that_some_fail() -> None:
    told = step("def f(x): return 4", max_turns=2)[0]
    assert told == "What you were shown is right, but other tests fail.\nTry again."


@pytest.mark.parametrize(
    ("program", "told"),
    [("def f(x) return", "compile_error: "), ("def f(x):\n    while True: pass", "timeout: ")],
    ids=["syntax", "loop"],
)
def test_feedback_tells_why_nothing_ran(program: str, told: str) -> None:
    assert step(program, max_turns=2, seconds=0.3)[0].startswith(told)


def test_feedback_counts_the_lines_of_the_reply_not_of_what_is_given() -> None:
    class Given(Square):
        def draw(self, rng: random.Random) -> tuple[str, Task]:
            return "Write f(x).", TASK._replace(given="import math\nimport re\n\n")

    env: Any = Given(max_turns=2)
    env.reset(seed=0)
    assert "(line 2)" in env.step(as_reply("def f(x):\n    return y"))[0]


@pytest.mark.parametrize(
    ("reply", "program"),
    [
        ("```python\na\n```\nthen\n```python\nb\n```", "b\n"),
        ("```python\na\n```\nIt prints\n```text\nb\n```", "a\n"),
        ("```\na\n```", "a\n"),
        ("```python\na\n```\n```python\nb", None),
        ("use ```python a ```", None),
        ("a", None),
        ("", None),
        ("```python\n" + "a" * 100_001 + "\n```", None),
    ],
    ids=range(8),
)
def test_the_last_finished_block_is_the_program(reply: str, program: str | None) -> None:
    assert program_in(reply) == program


def test_a_slow_program_delays_only_its_own_episode() -> None:
    async def play() -> tuple[float, float]:
        slow, quick = begin(seconds=2.0), begin()
        loop = as_reply("def f(x):\n    while True: pass")
        began = time.monotonic()

        async def timed(env: Any, reply: str) -> float:
            await env.hear({"agent": reply})
            return time.monotonic() - began

        one, other = await asyncio.gather(timed(slow, loop), timed(quick, quick.solve()))
        return one, other

    slow, quick = asyncio.run(play())
    assert quick < slow / 2


def test_a_machine_without_a_sandbox_says_so_before_anything_is_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.envs.code.programming.opened", lambda isolation: refuse())
    with pytest.raises(sg.UserError, match="no sandbox"):
        begin()


def refuse() -> str:
    raise sg.UserError("no sandbox")


@pytest.mark.parametrize("name", ["code/functions", "code/repair"])
def test_the_environment_is_sound(name: str) -> None:
    assert diagnose(name).ok


def test_a_function_that_changes_its_argument_fails() -> None:
    env: Any = sg.make("code/functions")
    env.reset(seed=0)
    program = env.answer.solution.replace("def f(xs):", "def f(zs):\n    xs = list(zs)\n    zs.append(0)")
    assert env.step(as_reply(program))[1] == 0.0


def test_hidden_values_are_not_in_the_prompt() -> None:
    env: Any = sg.make("code/functions", steps=3)
    for seed in range(50):
        told = env.reset(seed=seed)[0]
        assert not any(repr(call.arguments[0]) in told for call in env.answer.hidden[4:-1])


def test_the_broken_function_is_never_right() -> None:
    env: Any = sg.make("code/repair")
    for seed in range(20):
        told, _ = env.reset(seed=seed)
        assert env.step(as_reply(program_in(told) or ""))[1] == 0.0


def test_a_second_try_is_paid_in_full() -> None:
    env: Any = sg.make("code/repair")
    env.reset(seed=1)
    env.step("I do not know.")
    assert env.step(env.solve())[1:4] == (1.0, True, False)


def test_mistakes_are_of_many_kinds() -> None:
    dice = random.Random(0)
    pipeline, _ = draw_task(dice, 3, 2, 8)
    assert len({varied(dice, pipeline).source for _ in range(40)}) > 10


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps is"),
        ({"hidden": 1}, "hidden is"),
        ({"shown": -1}, "shown is"),
        ({"step": 1}, "Did you mean"),
    ],
    ids=["steps", "hidden", "shown", "unknown"],
)
def test_an_impossible_difficulty_is_a_readable_mistake(options: dict[str, Any], message: str) -> None:
    with pytest.raises(sg.UserError, match=message):
        sg.make("code/functions", **options).reset(seed=0)
