"""Who acts: episodes, rollouts, engines, policies, scripted agents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syllogym.errors import UserError
from syllogym.registry import Registry

registry: Registry[Any] = Registry("agents", "agent")
register = registry.register
get = registry.get
names = registry.names


def make(spec: Any) -> Any:
    """Make the agent of a name, or of a mapping with its name and options; an agent that is made already stays it."""
    if isinstance(spec, str):
        return registry.build(spec, {})
    if not isinstance(spec, Mapping):
        return spec
    options = {key: value for key, value in spec.items() if key != "name"}
    if not isinstance(spec.get("name"), str):
        raise UserError(f"Which agent? A mapping with options has its name, too: {{name: ..., ...}}; not {dict(spec)}.")
    return registry.build(spec["name"], options)


__all__ = ["get", "make", "names", "register", "registry"]
