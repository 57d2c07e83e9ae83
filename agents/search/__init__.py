"""Strategies that search a tree of thoughts, and those who propose and judge the thoughts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syllogym.errors import UserError
from syllogym.registry import Registry

registry: Registry[Any] = Registry("agents/search", "search strategy", mark="strategy")
strategy = registry.register
names = registry.names


def make(spec: str | Mapping[str, Any]) -> Any:
    """Make the strategy of a name, or of a mapping with its name and options; each search needs one of its own."""
    if isinstance(spec, str):
        return registry.build(spec, {})
    options = {key: value for key, value in spec.items() if key != "name"}
    if not isinstance(spec.get("name"), str):
        raise UserError(f"Which search strategy? A mapping has its name, too: {{name: ..., ...}}; not {dict(spec)}.")
    return registry.build(spec["name"], options)


__all__ = ["make", "names", "registry", "strategy"]
