"""Who forks a fresh process for every run, and who ends it? A small server, warm with what programs often import.

It never sees a program or its data: it is handed files and limits, forks, and passes the files on. It kills what
exceeds its limits, tells how each run ended, and empties the run's folder. When its socket closes, for whatever reason,
it kills everything and leaves. A child that cannot be confined takes the server down rather than run a program.
"""

from __future__ import annotations

import _sitebuiltins
import builtins
import contextlib
import fcntl
import gc
import importlib
import json
import marshal
import os
import select
import signal
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Any, NoReturn

from syllogym.envs.code.sandbox.inside import confine, conversation, folders, memory, messages, program, proof
from syllogym.envs.code.sandbox.inside.landlock import Ruleset
from syllogym.envs.code.sandbox.inside.seccomp import Filters

WARM = """
abc array ast bisect cmath collections collections.abc contextlib copy dataclasses datetime decimal enum fractions
functools heapq io itertools json math numbers operator queue random re statistics string struct textwrap threading time
traceback types typing
"""
"""Modules that are imported before the first fork: what programs often import, since each run pays for all of them."""

FILES = 5
"""Files that come with a run: standard input, output and error, results (or a socket), and the payload."""

TICK = 0.01
"""Seconds between two glances at a run in its first second; later, five times that. A glance only asks how much
processor time it had. Looking at all it does costs more: that is due after `TICK` of it, or five at most."""

PLACE = 1 << 16
"""Bytes of the first message, which tells of the place."""

_numbers = struct.Struct(f"{FILES}i")
_FILES_BESIDE = socket.CMSG_SPACE(_numbers.size)

HIGHEST = 1 << 12
"""File descriptors of the server stay below this."""


class Slot:
    """A private folder and the kernel's rules for it, used by one run after the other."""

    def __init__(self, folder: str, place: dict[str, Any]) -> None:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.folder = folder
        landlock = "landlock" in place["layers"]
        executable = place["executable"]["files"] if place["executable"] else ()
        self.rules = Ruleset(place["readable"], place["writable"], folder, executable) if landlock else None


@dataclass
class Run:
    """One child under way."""

    key: int
    pid: int
    limits: dict[str, Any]
    slot: Slot
    began: float
    glance: float
    looked: float
    used: float = 0.0
    why: str = ""


class ForkServer:
    """The loop."""

    def __init__(self, control: socket.socket, place: dict[str, Any]) -> None:
        self.control = control
        self.place = place
        self.calls = Filters(bool(place["executable"])) if "seccomp" in place["layers"] else None
        self.idle: list[Slot] = []
        self.slots = 0
        self.runs: dict[int, Run] = {}  # by the descriptor that tells of their end
        self.poll = select.poll()

    def serve(self) -> None:
        """Obey until the socket closes."""
        self.poll.register(self.control, select.POLLIN)
        while True:
            for file, _ in self.poll.poll(self._patience()):
                if file in self.runs:
                    self._finish(file)
                elif not self._obey():
                    return
            self._look()

    def close(self) -> None:
        """End every run and remove what they leave."""
        for run in self.runs.values():
            _end(run.pid)
        for number in range(self.slots):
            folders.remove(os.path.join(self.place["folder"], str(number)))

    def _patience(self) -> int | None:
        glances = [run.glance for run in self.runs.values() if not run.why]
        return max(0, int(1000 * (min(glances) - time.monotonic())) + 1) if glances else None

    def _obey(self) -> bool:
        message, beside, _, _ = self.control.recvmsg(messages.LONGEST, _FILES_BESIDE)
        if not message:
            return False
        key, kind, limits = messages.requested(message)
        if kind in ("kill", "interrupt"):
            for run in self.runs.values():
                if run.key == key and kind == "kill":
                    self._kill(run, "told")
                elif run.key == key:
                    os.kill(run.pid, signal.SIGINT)  # not reaped yet, so the number is its own
        else:
            self._start(key, kind, limits, _numbers.unpack(beside[0][2]))
        return True

    def _start(self, key: int, kind: str, limits: dict[str, Any], files: tuple[int, ...]) -> None:
        slot = self.slot()
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self._become(kind, limits, files, slot)
        for file in files:
            os.close(file)
        end = os.pidfd_open(pid)
        self.runs[end] = Run(key, pid, limits, slot, began, began + TICK, began)
        self.poll.register(end, select.POLLIN)

    def slot(self) -> Slot:
        """Return a folder that nobody uses, with its rules."""
        if self.idle:
            return self.idle.pop()
        self.slots += 1
        return Slot(os.path.join(self.place["folder"], str(self.slots - 1)), self.place)

    def _become(self, kind: str, limits: dict[str, Any], files: tuple[int, ...], slot: Slot) -> NoReturn:
        """Turn a forked child into the program; end the server if it cannot be confined."""
        confined = False
        try:
            for target, file in enumerate(files):  # no file lies on a target, as the server keeps all of these open
                os.dup2(file, target)
            confine.confine(limits, slot.folder, slot.rules, self.calls)
            os.closerange(FILES if kind != "executable" else 3, HIGHEST)
            confined = True
            if kind == "executable":
                command = self.place["executable"]["command"]
                os.execve(command[0], command, self.place["executable"]["environment"])
            become(kind)
        finally:
            if not confined:
                os.kill(os.getppid(), signal.SIGKILL)
            os._exit(1)

    def _finish(self, end: int) -> None:
        """Reap a run that has ended, clean up after it, and tell how it went."""
        run = self.runs.pop(end)
        self.poll.unregister(end)
        os.close(end)
        _, status, usage = os.wait4(run.pid, 0)
        if self.calls is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            self._end_strays()
        clean = folders.empty(run.slot.folder)
        if clean:
            self.idle.append(run.slot)
        wall, cpu = time.monotonic() - run.began, usage.ru_utime + usage.ru_stime
        self.control.sendall(messages.ended(run.key, status, run.why, wall, cpu, usage.ru_maxrss * 1024, clean))

    def _end_strays(self) -> None:
        """Without seccomp a program may have had children; orphans are this process's, whatever their session."""
        with contextlib.suppress(OSError), open(f"/proc/self/task/{os.getpid()}/children") as children:
            ours = {run.pid for run in self.runs.values()}
            for pid in map(int, children.read().split()):
                if pid not in ours:
                    _end(pid)

    def _look(self) -> None:
        now = time.monotonic()
        for run in self.runs.values():
            if run.glance <= now and not run.why:
                run.glance = now + (TICK if now - run.began < 1 else 5 * TICK)
                used = _processor_time(run.pid)
                if used - run.used >= TICK or now - run.looked >= 5 * TICK:
                    run.used, run.looked = used, now
                    self._look_at(run, now)

    def _look_at(self, run: Run, now: float) -> None:
        limits = run.limits
        threads, used, starved = _state(run.pid)
        if now - run.began > limits["wall"] + min(starved, limits["patience"]):
            self._kill(run, "wall")
        elif used > limits["cpu"]:
            self._kill(run, "cpu")
        elif threads > limits["threads"]:
            self._kill(run, "threads")
        elif folders.exceeds(run.slot.folder, limits["files"], limits["storage"]):
            self._kill(run, "files")

    def _kill(self, run: Run, why: str) -> None:
        run.why = why
        with contextlib.suppress(ProcessLookupError):
            os.kill(run.pid, signal.SIGKILL)


def become(kind: str) -> NoReturn:
    """Be the program that lies in this confined process's files."""
    if kind == "conversation":
        conversation.converse(socket.socket(fileno=3))
    payload = marshal.loads(os.pread(4, os.lseek(4, 0, os.SEEK_END), 0))
    {"serve": program.serve, "script": program.script}[kind](payload, 3)


def _processor_time(pid: int) -> float:
    """Return the seconds of processor time of a process, all threads together, by the clock the kernel has of it."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # just ended
        return 0.0


def _state(pid: int) -> tuple[int, float, float]:
    """Return a process's threads, its seconds of processor time, and the seconds its first thread waited for a core."""
    threads, used, starved = 0, 0.0, 0.0
    with contextlib.suppress(OSError, ValueError, IndexError):  # just ended, or a kernel that does not say
        with open(f"/proc/{pid}/stat", "rb") as state:  # holds a name of the program's choice, not always text
            fields = state.read().rpartition(b")")[2].split()
        threads, used = int(fields[17]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        with open(f"/proc/{pid}/schedstat", "rb") as times:
            starved = int(times.read().split()[1]) / 1e9
    return threads, used, starved


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _warm_up() -> None:
    """Import what programs will want, but not the work that `random` and `threading` would do in every child.

    All children find `random` in the same state, and no thread but the first is there to be forgotten.
    """
    register = os.register_at_fork
    os.register_at_fork = lambda **_: None
    try:
        for name in WARM.split():
            importlib.import_module(name)
    finally:
        os.register_at_fork = register
    sys.modules["random"].seed(0)


def main() -> None:
    """Be the server of the socket whose number is the first argument."""
    control = socket.socket(fileno=fcntl.fcntl(int(sys.argv[1]), fcntl.F_DUPFD_CLOEXEC, 64))
    for file in range(3, FILES):
        os.dup2(0, file)
    place = json.loads(control.recv(PLACE))
    _warm_up()
    for name in ("exit", "quit"):  # which programs expect, and `site` would have made
        setattr(builtins, name, _sitebuiltins.Quitter(name, "Ctrl-D"))
    confine.give_up_privileges()
    os.environ.clear()
    server = ForkServer(control, place)
    if server.calls is not None:
        server.calls.restrict_server()
    gc.collect()
    gc.freeze()
    memory.collapse()
    slot = server.slot()
    control.sendall(json.dumps({"wrong": proof.fails(place["layers"], slot, server.calls)}).encode())
    server.idle.append(slot)
    try:
        server.serve()
    finally:
        server.close()
