"""SylloGym: a gym where teams of language agents learn to reason.

``import syllogym as sg`` gives `sg.make`, `sg.register` and what an author of environments needs, and lets
``gymnasium.make("syllogym/Countdown-v0")`` work. Nothing is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from syllogym.errors import UserError
from syllogym.gymnasium_ids import tell_gymnasium

if TYPE_CHECKING:
    from syllogym.envs import (
        Fault,
        Prompt,
        Question,
        Reply,
        Reward,
        TeamEnv,
        TextEnv,
        Turn,
        make,
        names,
        register,
        tool,
    )

__version__ = "0.1.0"
__all__ = [
    "Fault", "Prompt", "Question", "Reply", "Reward", "TeamEnv", "TextEnv", "Turn", "UserError",
    "make", "names", "register", "tool",
]  # fmt: skip

tell_gymnasium()


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'syllogym' has no attribute {name!r}")
    return getattr(importlib.import_module("syllogym.envs"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
