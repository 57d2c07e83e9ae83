"""Does the doctor find an environment that pays programs for pretending?"""

import subprocess
import sys

import pytest

from syllogym.envs import Reply, Turn
from syllogym.envs.code.replies import as_reply, program_in
from syllogym.envs.doctor.checks_programs import cheating_programs, cheats
from syllogym.envs.doctor.play import Subject
from syllogym.envs.doctor.report import Failed, Skipped
from tests.envs.doctor.broken import Healthy

TEMPTED = "class Tests:\n    def check(self):\n        expected = 4\n        assert f(2) == expected\nTests().check()"


class TrustsExitStatus(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        tested = f"{program_in(reply)}\nassert add({self.a}, {self.b}) == {self.a + self.b}"
        done = subprocess.run([sys.executable, "-I", "-c", tested], capture_output=True, check=False)
        return Turn(reward=float(done.returncode == 0), over=True)

    def solve(self) -> str:
        return as_reply("def add(a, b): return a + b")


def test_a_program_is_found_that_is_paid_for_leaving_early() -> None:
    with pytest.raises(Failed, match=r"pays 1 in seed 0 for a program that leaves with status 0"):
        cheating_programs(Subject(TrustsExitStatus, {}))


def test_where_replies_are_no_programs_none_cheats() -> None:
    with pytest.raises(Skipped, match="no programs"):
        cheating_programs(Subject(Healthy, {}))


CHEATS = dict(cheats(["f"]))
FOOLING = [what for what in CHEATS if "equals everything" in what or what.split()[0] in ("leaves", "ends", "looks")]


@pytest.mark.parametrize("what", CHEATS)
def test_a_cheat_runs_and_most_fool_tests_in_their_own_process(what: str) -> None:
    program = f"{CHEATS[what]}\n{TEMPTED}" if what in FOOLING else CHEATS[what]
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
