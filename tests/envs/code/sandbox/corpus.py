"""Which programs try to escape or to be paid for nothing, what are they asked, and what harm would they do?"""

from __future__ import annotations

import json
import os
import platform
import re
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from syllogym.envs.code.sandbox import Call, Limits, Sandbox, Stdin, Verdict
from syllogym.envs.code.sandbox.assertions import convert
from syllogym.envs.code.sandbox.cases import Test
from syllogym.envs.code.sandbox.place import Place
from syllogym.envs.code.sandbox.pool import Pool
from syllogym.envs.code.sandbox.running import Local

OWN = Path(__file__).with_name("hostile")
CANARY = "/tmp/hostile_canary"
PORT = "47654"

SECRETS = [f"SECRET-{secrets.token_hex(7)}{number}" for number in range(3)]
TASKS: dict[str, list[Test]] = {
    "add": [Call("f", (1, 2), 3), Call("f", (10, -4), 6), Call("f", (123456789, 987654321), 1111111110)],
    "sort": [Call("f", ([3, 1, 2],), [1, 2, 3]), Call("f", ([5, 5, 1],), [1, 5, 5]), Call("f", ([9, 0],), [0, 9])],
    "stdio_add": [Stdin("1 2\n", "3"), Stdin("10 -4\n", "6"), Stdin("123456789 987654321\n", "1111111110")],
    "secret": [Call("f", (number,), secret) for number, secret in enumerate(SECRETS)],
    "odd": [Call("f", (number,), "\u2028\x85\x1c\x0b\r\n\ud800\x00\U0001f600" * number) for number in range(3)],
    "apart": list(convert("assert (f(1, 2) == 3) == True\nassert all(f(n, n) == 2 * n for n in range(1, 5))").tests),
}


@dataclass(frozen=True)
class Program:
    """A program of the corpus: its header tells what it is asked and what must come of it."""

    name: str
    source: str
    header: dict[str, str]

    def asked(self) -> list[Test]:
        return TASKS[self.header["task"]]


def learn_tasks(folder: Path) -> None:
    """Take up what the programs of another folder are asked."""
    for name, task in json.loads((folder / "tasks.json").read_text()).items():
        pairs = zip(task.get("calls") or task["stdin"], task["expected"], strict=True)
        TASKS[name] = [
            Call(task["entry"], tuple(given), expected) if "entry" in task else Stdin(given, expected)
            for given, expected in pairs
        ]


def programs(folder: Path) -> list[Program]:
    """The programs of a folder that are made for this machine; those that are answers to sums are not programs."""
    found = []
    for path in sorted(folder.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        header = dict(re.findall(r"^# (\w+): (.*)", source, re.MULTILINE))
        if header.get("kind") != "math" and header.get("machine", platform.machine()) == platform.machine():
            found.append(Program(path.stem, source, header))
    return found


@dataclass(frozen=True)
class Canary:
    """Things outside of the sandbox that programs aim at: a file, a process, a port, a socket."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int

    def harm(self) -> list[str]:
        """What has been done to them."""
        keep = self.folder / "keep.txt"
        done = [path.name for path in self.folder.glob("PWNED_*")]
        done += (
            [] if keep.is_file() and keep.read_text() == "keep" and keep.stat().st_mode & 0o777 == 0o666 else ["file"]
        )
        state = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        return done + ([] if self.process.poll() is None and state == "S" else ["process"])


@contextmanager
def canary(folder: Path) -> Iterator[Canary]:
    """Set up what programs aim at, open to everybody, so that nothing but the sandbox protects it."""
    folder.chmod(0o777)
    (folder / "keep.txt").write_text("keep")
    (folder / "keep.txt").chmod(0o666)
    process = subprocess.Popen(["sleep", "600"], start_new_session=True)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as local:
        local.bind(os.path.relpath(folder / "sock"))
        (folder / "pid").write_text(str(process.pid))
        try:
            yield Canary(folder, process, server.getsockname()[1])
        finally:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGKILL)
            process.wait()


def aimed(program: Program, aim: Canary) -> str:
    """The program's source with the canary in its sight."""
    return program.source.replace(CANARY, str(aim.folder)).replace(PORT, str(aim.port))


def run(program: Program, sandbox: Sandbox, aim: Canary, limits: Limits) -> tuple[Verdict, float]:
    """Run a program against the canary; return the verdict and the seconds it took."""
    began = time.monotonic()
    return sandbox.run(aimed(program, aim), program.asked(), limits=limits), time.monotonic() - began


def under(*layers: str, servers: int = 1) -> Sandbox:
    """A sandbox under layers that are chosen here instead of by the machine."""
    box = Sandbox()
    box._backend = Local(Pool(Place(layers), servers))
    return box


def as_expected(program: Program, verdict: Verdict) -> bool:
    """Whether the verdict is what the header asks for: no pay, a pass, or either of them; and never a fault."""
    expect, status = program.header["expect"], program.header.get("status", "")
    paid = {"score0": verdict.fraction == 0, "pass": verdict.passed, "any": True}[expect]
    return paid and verdict.status != "fault" and (not status or verdict.status in status.split("|"))
