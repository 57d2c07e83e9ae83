"""How is a run's whole state saved so that it is there or not, never half, and known to be sound when it is read?"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from syllogym.errors import UserError
from syllogym.scenarios.build import Trained

_MANIFEST = "manifest.json"
_STATE = "state.pt"


def save_checkpoint(
    folder: Path, step: int, policies: Mapping[Path, Trained], state: dict[str, Any], keep: int
) -> Path:
    """Write a checkpoint beside the final place, flush it to the disk, then rename it; prune old ones.

    Args:
        folder: holds all checkpoints of a run.
        step: number of the optimiser step, which names it.
        policies: saved in their own formats, each at its path inside the checkpoint (`Path()` for one that is alone).
        state: everything else, as tensors and plain data.
        keep: how many checkpoints remain.

    Raises:
        UserError: the disk is full or cannot be written; earlier checkpoints are untouched.
    """
    final = folder / f"step-{step:08d}"
    part = folder / f".step-{step:08d}.part"
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for place, policy in policies.items():
            policy.save(part / place)
        torch.save(state, part / _STATE)
        files = sorted(path for path in part.rglob("*") if path.is_file())
        sums = {path.relative_to(part).as_posix(): _digest(path) for path in files}
        (part / _MANIFEST).write_text(json.dumps({"step": step, "sha256": sums}, indent=1), encoding="utf-8")
        for path in (*part.rglob("*"), part):
            _flush(path)
        shutil.rmtree(final, ignore_errors=True)
        os.replace(part, final)
        _flush(folder)
    except (OSError, RuntimeError) as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, RuntimeError) and "write" not in str(error) and "enforce" not in str(error):
            raise
        raise UserError(f"{final} could not be written ({error}). Earlier checkpoints are untouched.") from error
    for old in _sorted(folder)[:-keep]:
        shutil.rmtree(old)
    return final


def latest_checkpoint(folder: Path) -> Path:
    """Return the newest checkpoint that is sound: every file has the sum its manifest says."""
    broken = []
    for candidate in reversed(_sorted(folder)):
        fault = _fault(candidate)
        if fault is None:
            return candidate
        broken.append(f"{candidate.name}: {fault}")
    reason = f" Damaged: {'; '.join(broken)}." if broken else ""
    raise UserError(f"There is no checkpoint to resume from in {folder}.{reason}")


def load_state(checkpoint: Path) -> dict[str, Any]:
    """Return the state that was saved beside the policy."""
    state = torch.load(checkpoint / _STATE, map_location="cpu", weights_only=True)
    assert isinstance(state, dict)
    return state


def _sorted(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*")) if folder.is_dir() else []


def _fault(checkpoint: Path) -> str | None:
    try:
        sums = json.loads((checkpoint / _MANIFEST).read_text(encoding="utf-8"))["sha256"]
        return next((f"{name} has changed" for name, sum_ in sums.items() if _digest(checkpoint / name) != sum_), None)
    except (OSError, ValueError, KeyError) as error:
        return f"{type(error).__name__}: {error}"


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
