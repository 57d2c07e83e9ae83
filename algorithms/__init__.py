"""How agents learn: one short file a method, over pure pieces in `core`."""

from __future__ import annotations

from typing import Any

from syllogym.registry import Registry

registry: Registry[Any] = Registry("algorithms", "algorithm")
register = registry.register
get = registry.get
names = registry.names

__all__ = ["get", "names", "register", "registry"]
