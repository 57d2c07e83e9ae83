"""Which isolation does this machine give? The strongest that holds when it is tried; without one, no program is run."""

from __future__ import annotations

import shutil
import sys
from functools import cache

from syllogym.envs.code.sandbox.place import Place
from syllogym.envs.code.sandbox.server import Lost, Server
from syllogym.errors import UserError, check_choice

STRONGEST_FIRST = (("bubblewrap", "landlock", "seccomp"), ("landlock", "seccomp"))
"""Combinations that keep a program from other processes, from the network and from files. Each needs seccomp and
Landlock: neither stops what the other does."""

ISOLATIONS = ("auto", "process")

HOW_TO_GET = (
    "Model-written programs are run only where the kernel confines them: on Linux 5.13 or newer (x86_64 or aarch64) "
    "with seccomp and Landlock, which containers allow by default; `apt-get install bubblewrap` adds namespaces. "
    "Elsewhere, run SylloGym in such a container or virtual machine, or name a SandboxFusion service by its address: "
    "isolation: http://HOST:8080. With isolation: process they run without protection, free to do whatever you may do."
)


@cache
def attempt(layers: tuple[str, ...]) -> str:
    """Try a combination in earnest; return why it does not hold, or nothing when it does."""
    if sys.platform != "linux":
        return f"{sys.platform} is not Linux"
    if "bubblewrap" in layers and shutil.which("bwrap") is None:
        return "bwrap is not installed"
    try:
        Server(Place(layers)).close()
    except (Lost, OSError) as error:
        return str(error)
    return ""


def chosen() -> Place | None:
    """Return the strongest combination that holds here, if any does."""
    return next((Place(layers) for layers in STRONGEST_FIRST if not attempt(layers)), None)


def place_for(isolation: str) -> Place:
    """Return where programs run: under the strongest layers that hold (``auto``), or under none (``process``).

    Raises:
        UserError: if no combination holds here; the sentence tells how to get one.
    """
    check_choice("isolation, unless it is the address of a service,", isolation, ISOLATIONS)
    place = chosen() if isolation == "auto" else None if attempt(()) else Place(())
    if place is None:
        tried = STRONGEST_FIRST if isolation == "auto" else ((),)
        reasons = "; ".join(f"{Place(layers).name}: {attempt(layers)}" for layers in tried)
        raise UserError(f"There is no sandbox on this machine ({reasons}). {HOW_TO_GET}")
    return place


def findings() -> list[str]:
    """Say of each combination whether it holds here, and which one is used."""
    used = chosen()
    lines = [f"  {Place(layers).name}: {attempt(layers) or 'holds'}" for layers in STRONGEST_FIRST]
    return [f"sandbox: {used.name if used else 'none'}", *lines, *([] if used else [HOW_TO_GET])]
