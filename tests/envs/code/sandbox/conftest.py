"""What do tests of the sandbox share? A sandbox under the strongest layers of this machine, and short limits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from syllogym.envs.code.sandbox import Limits, Sandbox
from syllogym.envs.code.sandbox.layers import chosen, findings

SHORT = Limits(wall=2, cpu=1, memory=256 << 20)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """The sandbox as users get it; tests of it are skipped, and say why, where the machine gives none."""
    if chosen() is None:
        pytest.skip("; ".join(findings()))
    box = Sandbox(servers=1)
    yield box
    box.close()
