"""Who chooses the model? Routers that are fitted to a table and score models for questions they have not seen."""

from __future__ import annotations

from typing import Any

from syllogym.registry import Registry

registry: Registry[Any] = Registry("agents/routing", "router", mark="router")
router = registry.register
names = registry.names
make = registry.make

__all__ = ["make", "names", "registry", "router"]
