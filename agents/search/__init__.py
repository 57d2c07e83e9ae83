"""Strategies that search a tree of thoughts, and those who propose and judge the thoughts."""

from __future__ import annotations

from typing import Any

from syllogym.registry import Registry

registry: Registry[Any] = Registry("agents/search", "search strategy", mark="strategy")
strategy = registry.register
names = registry.names
make = registry.make
"""Each search needs a strategy of its own."""

__all__ = ["make", "names", "registry", "strategy"]
