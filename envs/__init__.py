"""The worlds: text environments, the core they share, and the views that are generated for them."""

from __future__ import annotations

from typing import Any

from syllogym.envs.core import Core, EpisodeOver
from syllogym.envs.question import Question
from syllogym.envs.team import TeamEnv
from syllogym.envs.text import TextEnv
from syllogym.envs.tools import tool
from syllogym.envs.values import Fault, Message, Prompt, Reply, Reward, ToolCall, Turn
from syllogym.gymnasium_ids import gym_spec
from syllogym.registry import Registry

registry: Registry[Core] = Registry("envs", "environment", on_add=gym_spec)
register = registry.register
names = registry.names
get = registry.get


def make(name: str, **options: Any) -> Any:
    """Make the environment called `name`; options are the keyword arguments of its `on_reset`.

    Three more belong to the engine: ``split`` (``"train"`` and ``"eval"`` share no instance), ``max_turns``, and for a
    single agent Gymnasium's ``render_mode``.
    """
    env = make_plain(name, **options)
    if isinstance(env, TextEnv):
        env.spec = gym_spec(name, options)
    return env


def make_plain(name: str, **options: Any) -> Any:
    """Make the environment without Gymnasium's specification (`gymnasium.make` calls this and adds its own)."""
    return registry.get(name)(**options)


__all__ = [
    "Core", "EpisodeOver", "Fault", "Message", "Prompt", "Question", "Reply", "Reward", "TeamEnv", "TextEnv",
    "ToolCall", "Turn", "get", "make", "make_plain", "names", "register", "registry", "tool",
]  # fmt: skip
