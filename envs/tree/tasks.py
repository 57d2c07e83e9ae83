"""Where does a search task come from? From an environment's instance: its own, or a fork after every reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syllogym.envs import make_plain
from syllogym.envs.core import Core
from syllogym.envs.tree.forked import ForkedTask
from syllogym.envs.tree.search_task import SearchTask


def open_task(name: str, seed: int, options: Mapping[str, Any] | None = None) -> SearchTask[Any]:
    """Make an environment, draw the instance of a seed, and return it as a space of states."""
    env = make_plain(name, **(options or {}))
    env.reset(seed=seed)
    return task_of(env)


def task_of(env: Core) -> SearchTask[Any]:
    """Return the instance of an environment that was reset as a space of states.

    Environments with a method `search_task` know their own; any other is forked after every reply.
    """
    own = getattr(env, "search_task", None)
    task: SearchTask[Any] = ForkedTask(env) if own is None else own()
    return task
