"""Is a checkpoint whole or not there, and is a damaged one noticed?"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
import torch

from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.errors import UserError
from syllogym.scenarios.checkpoint import latest_checkpoint, load_state, save_checkpoint


@pytest.fixture(scope="module")
def policy() -> Policy:
    tokenizer = byte_tokenizer()
    return Policy(tiny_model(tokenizer, seed=0, layers=1, width=8, heads=1), tokenizer)


def test_what_was_saved_is_loaded(tmp_path: Path, policy: Policy) -> None:
    save_checkpoint(tmp_path, 3, {Path(): policy}, {"numbers": [1, 2], "tensor": torch.arange(3)}, keep=2)
    latest = latest_checkpoint(tmp_path)
    assert latest.name == "step-00000003"
    assert load_state(latest)["numbers"] == [1, 2]
    assert Policy.load(str(latest)).model.lm_head.weight.equal(policy.model.lm_head.weight)


def test_old_checkpoints_are_pruned(tmp_path: Path, policy: Policy) -> None:
    for step in range(4):
        save_checkpoint(tmp_path, step, {Path(): policy}, {}, keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000002", "step-00000003"]


def test_a_damaged_checkpoint_is_passed_over(tmp_path: Path, policy: Policy) -> None:
    for step in range(2):
        save_checkpoint(tmp_path, step, {Path(): policy}, {}, keep=2)
    with open(tmp_path / "step-00000001" / "model.safetensors", "r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\xff")
    assert latest_checkpoint(tmp_path).name == "step-00000000"


def test_when_none_is_sound_the_damage_is_named(tmp_path: Path, policy: Policy) -> None:
    save_checkpoint(tmp_path, 1, {Path(): policy}, {}, keep=2)
    (tmp_path / "step-00000001" / "state.pt").unlink()
    with pytest.raises(UserError, match=r"no checkpoint to resume from .* Damaged: step-00000001: FileNotFoundError"):
        latest_checkpoint(tmp_path)


def test_a_full_disk_leaves_earlier_checkpoints_and_nothing_half_written(
    tmp_path: Path, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_checkpoint(tmp_path, 1, {Path(): policy}, {}, keep=1)

    def no_space(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(torch, "save", no_space)
    with pytest.raises(UserError, match=r"No space left on device.* Earlier checkpoints are untouched"):
        save_checkpoint(tmp_path, 2, {Path(): policy}, {}, keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]
