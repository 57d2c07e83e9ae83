"""What do the tests of the methods share? Independently computed numbers, where they are present."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def vector(shared_data: Path) -> Callable[[str], dict[str, Any]]:
    """Return a function from the name of a test vector to its inputs, params, expected numbers and tolerance."""
    vectors = json.loads((shared_data / "test_vectors.json").read_text())["vectors"]
    return {one["id"]: one for one in vectors}.__getitem__
