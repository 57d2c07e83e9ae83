"""Who acts: episodes, rollouts, engines, policies, scripted agents."""

from __future__ import annotations

from typing import Any

from syllogym.registry import Registry

registry: Registry[Any] = Registry("agents", "agent")
register = registry.register
get = registry.get
names = registry.names

__all__ = ["get", "names", "register", "registry"]
