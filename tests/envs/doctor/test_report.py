import random

import pytest

from syllogym.envs import Reply, TextEnv, Turn
from syllogym.envs.doctor import Finding, Report, diagnose
from syllogym.errors import UserError


def test_a_report_reads_as_a_heading_and_one_line_a_check() -> None:
    report = Report("games/x", (Finding("fork", "pass"), Finding("seeds_apart", "FAIL", "seeds 0 and 1 share all.")))
    assert report.lines() == [
        "games/x: 1 of 2 checks FAILED",
        "  pass  fork",
        "  FAIL  seeds apart: seeds 0 and 1 share all.",
    ]


def test_a_skipped_check_leaves_the_report_ok() -> None:
    assert Report("games/x", (Finding("fork", "skip", "why"),)).ok


def test_one_failed_check_spoils_the_report() -> None:
    assert not Report("games/x", (Finding("fork", "pass"), Finding("canary", "FAIL", "why"))).ok


def test_an_unknown_option_is_the_user_s_mistake() -> None:
    with pytest.raises(UserError, match="Did you mean high"):
        diagnose("games/guess_number", hihg=3)


def test_options_reach_the_environment() -> None:
    lines = diagnose("games/guess_number", high=1000).lines()
    assert any(line.startswith("  FAIL  reference solver") and "'high': 1000" in line for line in lines)


class NeedsAFile(TextEnv):
    doctor_options = {"file": "some.jsonl"}

    def on_reset(self, rng: random.Random, file: str | None = None) -> str:
        if file is None:
            raise UserError("file is missing: name one.")
        return file

    def on_step(self, reply: Reply) -> Turn:
        return Turn(over=True)


def test_doctor_options_are_used_where_the_defaults_do_not_do() -> None:
    assert diagnose(NeedsAFile).ok


def test_without_them_the_missing_option_is_reported() -> None:
    class Bare(NeedsAFile):
        doctor_options = {}

    assert any("file is missing: name one." in line for line in diagnose(Bare).lines())
