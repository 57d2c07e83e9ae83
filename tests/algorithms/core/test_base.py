"""Are a method's settings checked where they are set?"""

from __future__ import annotations

import pytest

from syllogym import algorithms
from syllogym.errors import UserError


@pytest.mark.parametrize("name", algorithms.names())
@pytest.mark.parametrize("setting", ["epochs", "minibatches"])
def test_a_method_takes_at_least_one_pass(name: str, setting: str) -> None:
    with pytest.raises(UserError, match=f"{name}: {setting}"):
        algorithms.get(name)(**{setting: 0})


def test_updates_are_epochs_times_minibatches() -> None:
    assert algorithms.get("ppo")(epochs=3, minibatches=2).updates == 6
