"""Is a teacher refused that cannot read what its pupil writes?"""

from __future__ import annotations

from pathlib import Path

import pytest

from syllogym.errors import UserError
from syllogym.scenarios.train import train
from tests.algorithms.toy import toy_policy


def test_a_teacher_of_another_vocabulary_is_refused(micro: Path, tmp_path: Path) -> None:
    toy_policy().save(tmp_path / "teacher")
    settings = ["algorithm={name: kdrl}", f"teacher={{model: {tmp_path / 'teacher'}}}"]
    with pytest.raises(UserError, match=r"another vocabulary than the policy \(8 and \d+ tokens\)"):
        train(str(micro), settings, tmp_path / "run")
