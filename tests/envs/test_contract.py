from typing import Any

import pytest

from syllogym.envs import registry
from syllogym.envs.doctor import diagnose
from tests.envs.proofs.test_lean import LEAN

OPTIONS: dict[str, dict[str, Any]] = {"proofs/lean": LEAN}
"""Options of environments that need something which is not here: Lean has a stand-in."""


@pytest.mark.parametrize("name", registry.own_names())
def test_every_shipped_environment_is_sound(name: str) -> None:
    if lacking := registry.get(name).lacking():
        pytest.skip(lacking)
    report = diagnose(name, **OPTIONS.get(name, {}))
    assert report.ok, "\n".join(report.lines())
