"""Which Lean does an environment ask? One for all environments of this process that name the same one."""

from __future__ import annotations

import os
from functools import cache
from typing import TypeAlias

from syllogym.envs.proofs.lean4.kimina import KiminaServer
from syllogym.envs.proofs.lean4.prover import Lean
from syllogym.envs.proofs.lean4.toolchain import NOT_SET, Toolchain
from syllogym.errors import UserError

LeanProver: TypeAlias = Lean | KiminaServer


def lean_prover(lean: str, project: str, isolation: str, seconds: float) -> LeanProver:
    """Return what checks proofs.

    Args:
        lean: command of a REPL, or address of a Kimina Lean Server; "" for $SYLLOGYM_LEAN.
        project: folder that the command is started in; "" for $SYLLOGYM_LEAN_PROJECT, or the current one.
        isolation: of the REPL (see `syllogym.envs.proofs.lean4.toolchain`). seconds: that a step or a proof may take.

    Raises:
        UserError: if no Lean is named.
    """
    lean = lean or os.environ.get("SYLLOGYM_LEAN", "")
    if not lean:
        raise UserError(NOT_SET)
    return _prover(lean, project or os.environ.get("SYLLOGYM_LEAN_PROJECT", ""), isolation, seconds)


@cache
def _prover(lean: str, project: str, isolation: str, seconds: float) -> LeanProver:
    if lean.startswith(("http://", "https://")):
        return KiminaServer(lean, seconds=seconds, key=os.environ.get("SYLLOGYM_LEAN_KEY", ""))
    return Lean(Toolchain(lean, project, isolation).start, seconds=seconds, size=len(os.sched_getaffinity(0)))
