"""Does any hostile program escape, get paid, or hang? Ours, and those of the shared data where they are present."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from syllogym.envs.code.sandbox import Call, Sandbox
from syllogym.envs.code.sandbox.layers import attempt
from tests.envs.code.sandbox import corpus
from tests.envs.code.sandbox.conftest import SHORT
from tests.envs.code.sandbox.corpus import Canary, Program, as_expected, canary, programs, run, under
from tests.envs.code.sandbox.test_pool import servers

QUICK = [one for one in programs(corpus.OWN) if one.name.startswith(("apart", "exit", "forge", "host", "leak"))]


def ids(program: Program) -> str:
    return program.name


@pytest.fixture(scope="module")
def aim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    with canary(tmp_path_factory.mktemp("canary")) as there:
        yield there


@pytest.fixture(scope="module")
def without_bubblewrap() -> Iterator[Sandbox]:
    if wrong := attempt(("landlock", "seccomp")):
        pytest.skip(wrong)
    box = under("landlock", "seccomp")
    yield box
    box.close()


@pytest.mark.parametrize("program", programs(corpus.OWN), ids=ids)
def test_a_hostile_program_gets_its_verdict_and_does_no_harm(program: Program, sandbox: Sandbox, aim: Canary) -> None:
    verdict, seconds = run(program, sandbox, aim, SHORT)
    assert as_expected(program, verdict), verdict
    assert not aim.harm()
    assert seconds < len(program.asked()) * (SHORT.wall + SHORT.patience) + 2


@pytest.mark.parametrize("program", QUICK, ids=ids)
def test_nor_does_it_without_bubblewrap(program: Program, without_bubblewrap: Sandbox, aim: Canary) -> None:
    verdict, _ = run(program, without_bubblewrap, aim, SHORT)
    assert as_expected(program, verdict), verdict
    assert not aim.harm()


def test_shared_hostile_programs_get_their_verdicts(shared_data: Path, sandbox: Sandbox, aim: Canary) -> None:
    corpus.learn_tasks(shared_data / "hostile")
    wrong = {}
    for program in programs(shared_data / "hostile"):
        verdict, seconds = run(program, sandbox, aim, SHORT)
        if not as_expected(program, verdict) or aim.harm() or seconds > SHORT.wall + 3:
            wrong[program.name] = verdict, aim.harm(), seconds
    assert not wrong


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs these tests already")
@pytest.mark.parametrize("layers", ["bubblewrap+landlock+seccomp", "landlock+seccomp"])
def test_an_ordinary_user_is_protected_as_well_as_root(layers: str, pytestconfig: pytest.Config) -> None:
    python = next((one for one in (sys.executable, "/usr/bin/python3") if usable(one)), None)
    if python is None:
        pytest.skip("no interpreter of this version that an ordinary user can start")
    if wrong := attempt(tuple(layers.split("+"))):
        pytest.skip(wrong)
    done = subprocess.run(
        [python, "-m", "tests.envs.code.sandbox.audit", "--layers", layers],
        **as_nobody(),
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"programs as user 65534 under {layers}: 0 wrong" in done.stdout


def as_nobody() -> dict[str, object]:
    paths = [path for path in sys.path if path]
    environment = {"PYTHONPATH": os.pathsep.join([os.getcwd(), *paths]), "PYTHONDONTWRITEBYTECODE": "1"}
    return {"user": 65534, "group": 65534, "extra_groups": [], "env": {**environment, "PATH": os.environ["PATH"]}}


def usable(python: str) -> bool:
    try:
        code = "import sys, pydantic, gymnasium; print(sys.version_info[:2])"
        done = subprocess.run(
            [python, "-c", code], **as_nobody(), capture_output=True, text=True, timeout=60, check=False
        )
    except OSError:
        return False
    return done.stdout.strip() == str(sys.version_info[:2])


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        (("seccomp",), "leak_passwd"),
        (("seccomp",), "host_appends"),
        (("landlock",), "host_fork"),
        (("landlock",), "host_udp"),
        (("bubblewrap",), "host_fork"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else value,
)
def test_without_a_layer_the_holes_it_closes_are_open(layers: tuple[str, ...], name: str, aim: Canary) -> None:
    if attempt(layers):
        pytest.skip(attempt(layers))
    box = under(*layers)
    (program,) = [one for one in QUICK if one.name == name]
    source = program.source.replace("PWNED_", "opened_").replace('"a").write("x")', '"a").close()')
    verdict, _ = run(replace(program, source=source), box, aim, SHORT)
    box.close()
    assert verdict.passed


def test_what_is_locked_or_too_deep_is_removed_by_the_same_server(
    sandbox: Sandbox, without_bubblewrap: Sandbox
) -> None:
    (program,) = [one for one in programs(corpus.OWN) if one.name == "resource_locked_folders"]
    for box in (sandbox, without_bubblewrap):
        box.run("")
        before = servers(box)
        box.run(program.source, program.asked())
        assert box.run("import os\ndef f(): return os.listdir('.')", [Call("f", (), [])]).passed
        assert servers(box) == before


def test_nothing_of_one_run_is_left_for_the_next(sandbox: Sandbox) -> None:
    leave = "import os, sys\nopen('left', 'w').close()\nos.makedirs('a/b/c')\nsys.left = 1\ndef f(): return 1"
    look = "import os, sys\ndef f(): return os.listdir('.'), hasattr(sys, 'left')"
    assert sandbox.run(leave, [Call("f", (), 1)]).passed
    for _ in range(4):
        assert sandbox.run(look, [Call("f", (), ([], False))]).passed
