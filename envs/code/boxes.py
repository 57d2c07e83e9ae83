"""Where do a process's environments run programs? In one sandbox for all that ask for the same isolation."""

from __future__ import annotations

from functools import cache

from syllogym.envs.code.sandbox import Sandbox


@cache
def box(isolation: str) -> Sandbox:
    """Return the sandbox of this process; the first program that is run opens it.

    Args:
        isolation: ``auto``, ``process`` or the address of a service (see `syllogym.envs.code.sandbox.Sandbox`).
    """
    return Sandbox(isolation)


def opened(isolation: str) -> str:
    """Open the sandbox and return its layers, so that a machine without one is told of before anything is sampled.

    Raises:
        UserError: if this machine gives none that protects.
    """
    return box(isolation).isolation
