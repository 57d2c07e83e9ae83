"""May a program of the machine run in the sandbox, such as a prover, and nothing else through it?"""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from syllogym.envs.code.sandbox.layers import STRONGEST_FIRST, attempt
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.place import Executable, Place
from syllogym.envs.code.sandbox.running import memory_file, text_of_file
from syllogym.envs.code.sandbox.server import Ended, Server

SHELL = os.path.realpath("/bin/sh")
HELD = [pytest.param(layers, id="+".join(layers)) for layers in STRONGEST_FIRST if not attempt(layers)]

pytestmark = pytest.mark.skipif(not HELD, reason="no sandbox on this machine")


def run(layers: tuple[str, ...], script: str, said: bytes = b"", stop: bool = False) -> tuple[Ended, str]:
    """Run a script of the shell under layers; return how it ended and what it printed."""
    server = Server(Place(layers, Executable((SHELL, "-c", script), environment=(("GIVEN", "yes"),))))
    out, nothing = memory_file(), memory_file()
    mine, far = socket.socketpair()
    with mine, far:
        key, ended = server.start("executable", Limits(wall=10, cpu=5), [far.fileno(), out, out, nothing, nothing])
        mine.sendall(said)
        if stop:
            assert mine.recv(6) == b"ready\n"
            server.interrupt(key)
        mine.shutdown(socket.SHUT_WR)
        how = ended.result(20)
    told = text_of_file(out, 1 << 16)
    os.close(out)
    os.close(nothing)
    server.close()
    return how, told


@pytest.mark.parametrize("layers", HELD)
def test_it_reads_what_it_is_told_and_writes_what_it_says(layers: tuple[str, ...]) -> None:
    how, told = run(layers, "read line; echo got $line, $GIVEN, $HOME", b"this\n")
    assert (how.status, told) == (0, "got this, yes,\n")


@pytest.mark.parametrize("layers", HELD)
@pytest.mark.parametrize(
    "attempted",
    ["/bin/true", "exec /bin/true", "( : )", "read line < /etc/passwd", "read line < /proc/self/stat",
     "echo x > /tmp/x"],
    ids=["a program", "another program in its place", "a process", "a file", "its own state", "writing"],
)  # fmt: skip
def test_it_can_start_read_and_write_nothing_else(layers: tuple[str, ...], attempted: str) -> None:
    _, told = run(layers, f"if {attempted} 2>/dev/null; then echo DONE; fi")
    assert "DONE" not in told


@pytest.mark.parametrize("layers", HELD)
def test_it_writes_in_its_own_folder_which_is_emptied(layers: tuple[str, ...]) -> None:
    _, told = run(layers, "echo kept > mine; read line < mine; echo $line; pwd -P")
    kept, folder = told.split()
    assert kept == "kept" and not Path(folder, "mine").exists()


@pytest.mark.parametrize("layers", HELD)
def test_it_can_be_interrupted(layers: tuple[str, ...]) -> None:
    how, told = run(layers, "trap 'echo stopped; exit 3' INT; echo ready >&0; while :; do :; done", stop=True)
    assert os.waitstatus_to_exitcode(how.status) == 3 and told == "stopped\n"
