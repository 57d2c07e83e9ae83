"""Are scenarios found by file, by name, and from installed packages?"""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from syllogym.errors import UnknownName, UserError
from syllogym.scenarios import catalogue


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A room with two scenarios and a part, in place of the real one."""
    (tmp_path / "team").mkdir()
    for name in ("quick.yaml", "team/debate.yaml", "_base.yaml"):
        (tmp_path / name).write_text("env: x\n")
    monkeypatch.setattr(catalogue, "_files", lambda: catalogue._yaml_files(tmp_path))
    return tmp_path


def offer(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    point = EntryPoint("mine/fast", value, "syllogym.scenarios")
    monkeypatch.setattr(catalogue, "_plugins", lambda: {"mine/fast": point})


def test_names_are_paths_without_the_ending_and_parts_are_left_out(room: Path) -> None:
    assert catalogue.names() == ["quick", "team/debate"]


def test_every_scenario_of_the_room_is_found_by_its_name() -> None:
    assert all(catalogue.find(name).is_file() for name in catalogue.names())


def test_a_misspelt_name_is_told_the_nearest(room: Path) -> None:
    with pytest.raises(UnknownName, match=r"There is no scenario 'qiuck'\. Did you mean quick\?"):
        catalogue.find("qiuck")


def test_a_file_that_extends_its_own_name_means_the_scenario_of_the_room(room: Path, tmp_path: Path) -> None:
    own = tmp_path / "elsewhere" / "quick.yaml"
    own.parent.mkdir()
    own.write_text("extends: quick\n")
    assert catalogue.find_beside(own, "quick") == room / "quick.yaml"


def test_an_installed_package_offers_a_scenario(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "os:__file__")
    assert catalogue.find("mine/fast").name == "os.py"


def test_an_installed_scenario_that_is_no_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "os:sep")
    with pytest.raises(UserError, match=r"The installed scenario 'mine/fast' \(os:sep\) is '/', not the path"):
        catalogue.find("mine/fast")
