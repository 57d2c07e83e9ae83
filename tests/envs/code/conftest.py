"""What do tests of the code environments share? The sandbox of this process, as those environments open it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syllogym.envs.code.boxes import box
from syllogym.envs.code.sandbox.layers import chosen, findings


@pytest.fixture(scope="session")
def confined() -> Iterator[None]:
    """Environments may run programs; tests that need it are skipped, and say why, where the machine has no sandbox."""
    if chosen() is None:
        pytest.skip("; ".join(findings()))
    yield
    box("auto").close()
