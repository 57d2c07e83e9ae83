"""Is a process that says what it should not found out, ended, and never believed?"""

from __future__ import annotations

import os
import shlex
import time

import pytest

from syllogym.envs.proofs.lean4.process import Late, Lost, Process
from syllogym.envs.proofs.lean4.prover import Lean
from syllogym.envs.proofs.lean4.toolchain import Toolchain
from syllogym.envs.proofs.prover import Theorem
from syllogym.envs.values import Fault
from tests.envs.proofs.lean4.conftest import command

LOST = {
    "garbage": "no JSON",
    "a banner": "no JSON|twice",
    "a list": "no answer",
    "a number": "no answer",
    "wrong types": "no answer",
    "negative": "no answer",
    "huge number": "no JSON",
    "deep": "no JSON",
    "no text": "no JSON",
    "flood": "more than",
    "twice": "twice",
    "dies": "status 3",
    "dies in the middle": "status 0",
    "leaves with status 0": "status 0",
}
LATE = ("half a line", "no blank line", "hangs")


def misbehaving(how: str) -> Process:
    return Process(shlex.split(command("misbehaving_repl.py", how)), "/", {})


@pytest.mark.parametrize("how", LOST)
def test_a_process_that_talks_nonsense_is_lost(how: str) -> None:
    process = misbehaving(how)
    with pytest.raises(Lost, match=LOST[how]):
        process.ask({"cmd": "def f := 1"}, 30.0)
    assert not process.alive


@pytest.mark.parametrize("how", LATE)
def test_a_process_that_does_not_finish_is_late_and_ended(how: str) -> None:
    process, began = misbehaving(how), time.monotonic()
    with pytest.raises(Late):
        process.ask({"cmd": "def f := 1"}, 1.0)
    assert time.monotonic() - began < 10.0
    assert not process.alive


def test_a_process_that_does_not_read_is_late() -> None:
    with pytest.raises(Late):
        misbehaving("does not read").ask({"cmd": "x" * (4 << 20)}, 1.0)


@pytest.mark.parametrize("how", ["speaks first", "speaks later"])
def test_what_nobody_asked_for_is_not_taken_for_an_answer(how: str) -> None:
    process = misbehaving(how)
    with pytest.raises(Lost, match=r"before it was asked|twice"):
        for _ in range(2):
            time.sleep(1.0)
            process.ask({"cmd": "def f := 1"}, 20.0)
    with pytest.raises(Lost, match="ended"):
        process.ask({"cmd": "def f := 1"}, 20.0)


def test_a_program_that_is_not_there_is_lost() -> None:
    with pytest.raises(Lost, match="cannot be started"):
        Process(["/no/such/program"], "/", {})


def test_ending_a_process_leaves_no_file_open() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        misbehaving("hangs").close()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("how", ["garbage", "dies", "twice"])
def test_a_prover_whose_process_is_lost_each_time_is_a_fault(how: str) -> None:
    lean = Lean(Toolchain(command("misbehaving_repl.py", how), isolation="process").start)
    with pytest.raises(Fault, match="2 times in a row"):
        lean.check(Theorem(": 1 = 2"), "rfl")


def test_a_proof_that_takes_too_long_is_not_proved() -> None:
    lean = Lean(Toolchain(command("misbehaving_repl.py", "hangs"), isolation="process").start, seconds=0.5)
    verdict = lean.check(Theorem(": 1 = 2"), "rfl")
    assert not verdict.proved
    assert verdict.message == "not done after 0.5 s"


def test_a_preamble_that_takes_too_long_is_a_fault() -> None:
    lean = Lean(Toolchain(command("misbehaving_repl.py", "hangs"), isolation="process").start, started=0.5)
    with pytest.raises(Fault, match="preamble"):
        lean.check(Theorem(": 1 = 2", preamble="import Mathlib"), "rfl")
