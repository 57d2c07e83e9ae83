"""Do imitation and distillation unblock what group methods never begin to learn, because no reply earns anything?"""

from __future__ import annotations

from syllogym.algorithms.grpo import GRPO
from syllogym.algorithms.kdrl import KDRL
from syllogym.algorithms.super_rl import SuperRL
from tests.algorithms.sparse import success_after


def test_grpo_learns_nothing() -> None:
    assert success_after(GRPO()) < 0.01


def test_super_rl_learns_from_the_solver() -> None:
    assert success_after(SuperRL()) > 0.9


def test_kdrl_learns_from_the_teacher() -> None:
    assert success_after(KDRL(distil=0.2)) > 0.9
