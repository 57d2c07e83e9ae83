"""Do Coq's processes obey their bounds? Deadlines, memory, death, forks, and nothing that is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from syllogym.envs.code.sandbox.layers import chosen
from syllogym.envs.proofs.prover import Theorem, WrongStep
from syllogym.envs.proofs.rocq import process, workers
from syllogym.envs.proofs.rocq.prover import CoqProver
from syllogym.envs.values import Fault
from syllogym.errors import UserError
from tests.envs.proofs.rocq.needs import needs_coq

LOOP = "do 1000000000 idtac."
EASY = Theorem("1 = 1")


@pytest.fixture
def prover() -> Iterator[CoqProver]:
    prover = CoqProver(seconds=0.5, processes=1)
    prover.check(EASY, "reflexivity.")
    yield prover
    prover.close()


def below(pid: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *below(child)]
    return found


def coqs() -> set[int]:
    return {pid for pid in below(os.getpid()) if b"coqidetop" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_without_coq_the_way_to_get_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.shutil, "which", lambda program: None)
    process.place.cache_clear()
    with pytest.raises(UserError, match="apt-get install"):
        CoqProver()


@needs_coq
def test_a_loop_is_interrupted_at_the_deadline_and_the_process_lives_on(prover: CoqProver) -> None:
    alive = coqs()
    state = prover.open(EASY)
    began = time.monotonic()
    with pytest.raises(WrongStep, match=r"Not done after 0\.5 s"):
        prover.apply(state, LOOP)
    assert 0.4 < time.monotonic() - began < 1.5
    assert prover.check(EASY, "reflexivity.").proved
    assert coqs() == alive


@needs_coq
def test_a_process_that_obeys_no_interrupt_is_killed_and_replaced(
    prover: CoqProver, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive = coqs()
    monkeypatch.setattr("syllogym.envs.code.sandbox.server.Server.interrupt", lambda server, key: None)
    began = time.monotonic()
    assert prover.check(EASY, LOOP).message == "Not done after 0.5 s."
    assert time.monotonic() - began < 2
    assert prover.check(EASY, "reflexivity.").proved
    assert not coqs() & alive


@needs_coq
def test_a_process_killed_from_outside_is_replaced_and_its_job_done_again(prover: CoqProver) -> None:
    state = prover.open(Theorem("1 = 1 /\\ 2 = 2"))
    for pid in coqs():
        os.kill(pid, signal.SIGKILL)
    assert len(prover.apply(state, "split.").goals) == 2


@needs_coq
def test_a_process_lost_again_and_again_is_a_fault_and_never_a_verdict(
    prover: CoqProver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = process.Process.ask

    def killed(self: process.Process, calls: Sequence[bytes], until: float) -> object:
        if b'"Status"' in calls[-1]:
            for pid in coqs():
                os.kill(pid, signal.SIGKILL)
        return asked(self, calls, until)

    with monkeypatch.context() as patch:
        patch.setattr(process.Process, "ask", killed)
        with pytest.raises(Fault, match="Coq was lost 2 times"):
            prover.check(EASY, "reflexivity.")
    assert prover.check(EASY, "reflexivity.").proved


@needs_coq
def test_memory_is_bounded_and_running_out_of_it_is_wrong() -> None:
    prover = CoqProver(seconds=20, memory=600 << 20, processes=1)
    verdict = prover.check(
        Theorem("exists n : nat, n = 0"), "exists (ltac:(let x := eval vm_compute in (Nat.pow 10 9) in exact x))."
    )
    assert not verdict.proved
    assert prover.check(EASY, "reflexivity.").proved
    prover.close()


@needs_coq
def test_processes_are_replaced_after_many_jobs(prover: CoqProver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "RECYCLED", 3)
    seen = set()
    for _ in range(9):
        assert prover.check(EASY, "reflexivity.").proved
        seen |= coqs()
    assert len(seen) >= 3


@needs_coq
def test_many_threads_share_few_processes(prover: CoqProver) -> None:
    verdicts: list[bool] = []
    threads = [
        threading.Thread(target=lambda: verdicts.append(prover.check(EASY, "reflexivity.").proved)) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert verdicts == [True] * 12 and len(coqs()) == 1


@needs_coq
def test_nothing_is_left_behind() -> None:
    files, folders = len(os.listdir("/proc/self/fd")), set(os.listdir("/tmp"))
    prover = CoqProver(seconds=0.3, processes=2)
    for proof in ("reflexivity.", LOOP, "exact x.", "reflexivity."):
        prover.check(EASY, proof)
    prover.close()
    deadline = time.monotonic() + 10
    while coqs() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not coqs()
    assert len(os.listdir("/proc/self/fd")) <= files
    assert not {name for name in set(os.listdir("/tmp")) - folders if "syllogym" in name}


@needs_coq
def test_a_forked_child_has_processes_of_its_own(prover: CoqProver) -> None:
    receiver, sender = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            mine = CoqProver(processes=1)
            proved = mine.check(EASY, "reflexivity.").proved and prover.check(EASY, "reflexivity.").proved
            prover.close()
            mine.close()
            os.write(sender, b"yes" if proved else b"no")
        finally:
            os._exit(0)
    os.close(sender)
    assert os.read(receiver, 10) == b"yes"
    os.close(receiver)
    os.waitpid(pid, 0)
    assert prover.check(EASY, "reflexivity.").proved


@needs_coq
def test_coq_runs_under_the_layers_of_the_sandbox(prover: CoqProver) -> None:
    used = chosen()
    assert used is not None and prover.workers.pool.place.layers == used.layers
    (pid,) = coqs()
    status = Path(f"/proc/{pid}/status").read_text()
    assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status and "CapEff:\t0000000000000000" in status
    assert "lo" not in Path(f"/proc/{pid}/net/dev").read_text().replace("lo:", "", 1)
