import pytest

from syllogym.envs import registry
from syllogym.envs.doctor import diagnose


@pytest.mark.parametrize("name", registry.own_names())
def test_every_shipped_environment_is_sound(name: str) -> None:
    if lacking := registry.get(name).lacking():
        pytest.skip(lacking)
    report = diagnose(name)
    assert report.ok, "\n".join(report.lines())
