"""What do tests share? The real data that some of them read where it is present."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a machine that is busy is no fault
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder `shared`, from $SYLLOGYM_SHARED or beside the checkout's parent; the test is skipped without it."""
    folder = Path(os.environ.get("SYLLOGYM_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if not folder.is_dir():
        pytest.skip(f"needs the real data of {folder}, which $SYLLOGYM_SHARED may name")
    return folder
