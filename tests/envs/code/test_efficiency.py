"""Does a program pay for processor time it wastes, and only for that?"""

from __future__ import annotations

import random
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.code.efficiency import waste
from syllogym.envs.code.programming import Programming, Task
from syllogym.envs.code.replies import as_reply
from syllogym.envs.code.sandbox import Call, Script

pytestmark = pytest.mark.usefixtures("confined")

QUICK = "def f(n): return n * (n + 1) // 2"
SLOW = "def f(n):\n    total = 0\n    for i in range(n + 1): total += i\n    return total"
WRONG = "def f(n):\n    sum(range(n))\n    return 0"
LARGE = 6_000_000
PAIR = Call("f", (LARGE,), LARGE * (LARGE + 1) // 2)
APART = Script(((f"assert f({LARGE}) > 0", True),), ("f",))


class Sum(Programming):
    """Sum up."""

    def draw(self, rng: random.Random, known: str = QUICK, apart: bool = False) -> tuple[str, Task]:
        return "Write f(n), the sum of all numbers up to n.", Task(known, (APART if apart else PAIR,))


def step(program: str, **options: Any) -> Any:
    env = Sum(seconds=20.0, **options)
    env.reset(seed=0)
    return env.step(as_reply(program))


@pytest.mark.parametrize(
    ("used", "known", "wasted"),
    [(0.0, 0.0, 0.0), (0.1, 0.2, 0.0), (0.21, 0.1, 0.0), (0.23, 0.1, 1 / 3), (0.5, 0.1, 2 / 3), (9.0, 0.1, 1.0)],
    ids=range(6),
)
def test_each_doubling_of_the_known_time_costs_a_third(used: float, known: float, wasted: float) -> None:
    assert waste(used, known) == pytest.approx(wasted)


def test_what_takes_no_time_to_speak_of_is_never_wasteful() -> None:
    assert waste(0.019, 0.0) == 0.0


@pytest.mark.parametrize("apart", [False, True], ids=["calls", "tests that run apart"])
def test_a_program_that_wastes_time_loses_what_efficiency_is_worth(apart: bool) -> None:
    _, reward, _, _, info = step(SLOW, efficiency=0.5, apart=apart)
    assert reward == 0.5 and info["reward"] == {"correct": 1.0, "format": 0.0, "efficiency": -0.5}


def test_the_known_solution_loses_nothing() -> None:
    assert step(QUICK, efficiency=0.5)[1] == step(SLOW, efficiency=0.5, known=SLOW)[1] == 1.0


def test_a_wrong_program_is_paid_nothing_however_quick() -> None:
    assert step(WRONG, efficiency=0.5)[4]["reward"] == {"correct": 0.0, "format": 0.0, "efficiency": 0.0}


def test_efficiency_costs_nothing_unless_it_is_asked_for() -> None:
    _, reward, _, _, info = step(SLOW)
    assert reward == 1.0 and info["reward"] == {"correct": 1.0, "format": 0.0}


def test_a_wasteful_program_is_told_so_when_it_may_be_mended() -> None:
    told = step(SLOW, efficiency=0.5, max_turns=2)[0]
    assert told == "It passes all tests, but takes far more processor time than it needs to.\nTry again."


def test_a_program_cannot_lie_about_its_time() -> None:
    lie = "import time\ntime.process_time = time.thread_time = time.perf_counter = lambda: 0.0\n"
    assert step(lie + SLOW, efficiency=0.5)[1] == 0.5


def test_a_known_solution_that_fails_is_a_fault_and_no_reward() -> None:
    with pytest.raises(sg.Fault, match="known solution does not pass"):
        step(QUICK, efficiency=0.5, known=WRONG)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"known": ""}, "has none"), ({"isolation": "http://localhost:9"}, "local sandbox")],
    ids=["no solution", "a service"],
)
def test_what_cannot_be_measured_is_refused_before_anything_is_sampled(options: dict[str, str], message: str) -> None:
    with pytest.raises(sg.UserError, match=message):
        Sum(efficiency=0.5, **options).reset(seed=0)
