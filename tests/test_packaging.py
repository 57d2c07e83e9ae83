"""Does the package that others install hold everything, and do packages of strangers plug into it?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("envs", "agents", "algorithms", "scenarios")

PYPROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "stranger"
version = "0.1"

[project.entry-points."syllogym.envs"]
"my/parity" = "stranger.parity:Parity"

[project.entry-points."syllogym.agents"]
shrug = "stranger.shrug:Shrug"

[project.entry-points."syllogym.algorithms"]
loud_sft = "stranger.loud_sft:LoudSFT"

[project.entry-points."syllogym.scenarios"]
parity = "stranger:SCENARIO"

[tool.setuptools]
packages = ["stranger"]
package-data = { "*" = ["*.yaml"] }
"""

FILES = {
    "__init__.py": """
from pathlib import Path

SCENARIO = Path(__file__).with_name("parity.yaml")
""",
    "parity.py": """
import syllogym as sg


class Parity(sg.Question):
    \"\"\"Is a number even or odd?\"\"\"

    answer_in = "plain"
    lazy_return = 0.7

    def draw(self, rng, high=1_000_000):
        number = rng.randint(0, high)
        return f"Is {number} even or odd?", ("even", "odd")[number % 2]
""",
    "shrug.py": """
from syllogym.envs import Reply


class Shrug:
    \"\"\"Never knows.\"\"\"

    context = "conversation"

    async def act(self, request):
        return Reply("I don't know.")
""",
    "loud_sft.py": """
from dataclasses import dataclass

from syllogym.algorithms.sft import SFT


@dataclass(kw_only=True)
class LoudSFT(SFT):
    \"\"\"SFT with a factor on its loss.\"\"\"

    factor: float = 2.0

    def loss(self, scores, batch, credit):
        return self.factor * super().loss(scores, batch, credit)
""",
    "parity.yaml": """
description: Tell even from odd
environment: {name: my/parity}
policy: {tiny: {layers: 1, width: 16, heads: 2, context: 64}}
algorithm: {name: loud_sft, factor: 3.0}
train: {steps: 1, prompts: 2, group: 1}
sampling: {max_tokens: 4}
evaluate: {episodes: 8, every: 0}
threads: 1
""",
}


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a stranger's package, install it without the network, and return the folder it was installed to."""
    source = tmp_path_factory.mktemp("source")
    (source / "stranger").mkdir()
    (source / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    for name, text in FILES.items():
        (source / "stranger" / name).write_text(text.lstrip(), encoding="utf-8")
    target = tmp_path_factory.mktemp("installed")
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    run(sys.executable, "-m", "pip", "install", *offline, "--target", str(target), str(source))
    return target


def run(*command: str, path: Path | None = None, cwd: Path = ROOT) -> str:
    """Run a command, with a folder of installed packages added to the path; its output is in the failure's message."""
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
    if path is not None:
        environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(path)))
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env=environment, timeout=300, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def syllogym(*arguments: str, path: Path, cwd: Path = ROOT) -> str:
    return run(sys.executable, "-m", "syllogym", *arguments, path=path, cwd=cwd)


def python(code: str, path: Path) -> str:
    return run(sys.executable, "-c", code, path=path).strip()


def test_every_folder_with_modules_is_named_in_the_packages() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    there = {
        ".".join(("syllogym", *path.parent.relative_to(ROOT).parts))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
    }
    assert set(settings["packages"]) == there | {"syllogym"}


def test_the_wheel_holds_every_file_of_the_rooms_and_one_package(tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns(".*", "runs", "build", "dist", "*.egg-info", "__pycache__")
    source = shutil.copytree(
        ROOT, tmp_path / "source", symlinks=True, ignore=left_out
    )  # a stale build/ would hide gaps
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source))
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"syllogym/{path.relative_to(ROOT).as_posix()}"
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".yaml", ".jsonl", ".html")
    }
    wanted |= {f"syllogym/{name}" for name in ("py.typed", "__init__.py", "cli.py")}
    assert {
        "syllogym/envs/__init__.py",
        "syllogym/envs/math/sample.jsonl",
        "syllogym/scenarios/quickstart.yaml",
    } <= wanted
    assert not wanted - inside
    assert {name.partition("/")[0] for name in inside if ".dist-info/" not in name} == {"syllogym"}


def test_what_a_stranger_installs_is_listed(stranger: Path) -> None:
    listed = {line.split()[0] for line in syllogym("list", path=stranger).splitlines() if line.startswith("  ")}
    assert {"my/parity", "shrug", "loud_sft", "parity"} <= listed


@pytest.mark.parametrize(
    ("name", "told"), [("my/parity", "my/Parity-v0"), ("loud_sft", "SFT with a factor"), ("shrug", "Never knows.")]
)
def test_what_a_stranger_installs_is_described(stranger: Path, name: str, told: str) -> None:
    assert told in syllogym("list", name, path=stranger)


def test_a_strangers_environment_is_made_by_its_name_and_by_gymnasium(stranger: Path) -> None:
    code = (
        "import gymnasium, syllogym as sg\n"
        "one, two = sg.make('my/parity', high=9), gymnasium.make('my/Parity-v0', high=9)\n"
        "print(one.reset(seed=4)[0] == two.reset(seed=4)[0], two.step(one.solve())[1])"
    )
    assert python(code, stranger) == "True 1.0"


def test_a_strangers_environment_passes_the_doctor(stranger: Path) -> None:
    assert syllogym("check", "my/parity", path=stranger).startswith("my/parity: sound")


def test_a_strangers_scenario_trains_its_algorithm_on_its_environment(stranger: Path, tmp_path: Path) -> None:
    syllogym("train", "parity", "--run-dir", str(tmp_path / "run"), path=stranger, cwd=tmp_path)
    assert "factor: 3.0" in (tmp_path / "run" / "scenario.yaml").read_text(encoding="utf-8")


def test_a_strangers_agent_is_evaluated(stranger: Path) -> None:
    assert "0.0%" in syllogym("evaluate", "parity", "--agent", "shrug", path=stranger)
