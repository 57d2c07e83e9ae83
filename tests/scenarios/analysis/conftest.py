"""What do the tests of the analysis share? Independently computed numbers, and one small finished run."""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.scenarios.train import train
from tests.algorithms.conftest import vector
from tests.scenarios.conftest import MICRO

__all__ = ["vector"]


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished run, which a test may add to but not change."""
    folder = tmp_path_factory.mktemp("analysis")
    (folder / "micro.yaml").write_text(MICRO, encoding="utf-8")
    return train(str(folder / "micro.yaml"), run_dir=folder / "run")
