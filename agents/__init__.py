"""Who acts: episodes, rollouts, engines, policies, scripted agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syllogym.registry import Registry

registry: Registry[Any] = Registry("agents", "agent")
register = registry.register
get = registry.get
names = registry.names


def make(spec: Any) -> Any:
    """Make the agent of a name, or of a mapping with its name and options; an agent that is made already stays it."""
    return registry.make(spec) if isinstance(spec, str | Mapping) else spec


__all__ = ["get", "make", "names", "register", "registry"]
