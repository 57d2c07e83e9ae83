"""Is isolation found out by trying, and is no program run where there is none?"""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from syllogym.cli import app
from syllogym.envs.code.sandbox import Sandbox, layers
from syllogym.envs.code.sandbox.place import Place
from syllogym.envs.code.sandbox.server import Lost, Server
from syllogym.errors import UserError


@pytest.fixture
def nothing_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "attempt", lambda combination: "the kernel says no" if combination else "")


@pytest.mark.usefixtures("nothing_holds")
def test_without_isolation_no_program_is_run() -> None:
    with pytest.raises(UserError, match=r"no sandbox on this machine .*seccomp: the kernel says no.*apt-get install"):
        Sandbox().run("print(1)")


@pytest.mark.usefixtures("nothing_holds")
def test_without_isolation_a_program_runs_only_where_the_user_writes_so() -> None:
    box = Sandbox("process")
    verdict = box.run("print(1)")
    box.close()
    assert (verdict.status, verdict.isolation) == ("passed", "process")


def test_an_isolation_that_is_none_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match="is one of auto, process; not 'docker'"):
        Sandbox("docker").run("")


def test_a_layer_that_does_not_hold_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Place.told

    def everything_readable(place: Place, folder: str | None) -> dict[str, object]:
        return {**told(place, folder), "readable": ["/"]}

    if layers.attempt(("landlock", "seccomp")):
        pytest.skip(layers.attempt(("landlock", "seccomp")))
    monkeypatch.setattr(Place, "told", everything_readable)
    with pytest.raises(Lost, match="under landlock, a process could read a file outside of its folder"):
        Server(Place(("landlock", "seccomp")))


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Place, "command", lambda place, control: ["/bin/sh", "-c", "echo no user namespaces >&2; exit 1"]
    )
    with pytest.raises(Lost, match="no user namespaces"):
        Server(Place(()))


def test_the_terminal_shows_what_the_machine_gives() -> None:
    shown = CliRunner().invoke(app, ["check", "--sandbox"])
    used = layers.chosen()
    assert shown.exit_code == (0 if used else 1)
    assert shown.stdout.startswith(f"sandbox: {used.name if used else 'none'}\n")
    assert shown.stdout.count("landlock") >= 2


@pytest.mark.usefixtures("nothing_holds")
def test_the_terminal_shows_how_to_get_isolation() -> None:
    shown = CliRunner().invoke(app, ["check", "--sandbox"])
    assert shown.exit_code == 1 and "sandbox: none" in shown.stdout and "apt-get install bubblewrap" in shown.stdout
