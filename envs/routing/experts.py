"""Who are an environment's experts? Its option `experts`: plain data that a pool is opened from, or a pool.

``{scripted: {small: {skill: 0.3, output_price: 0.2}, ...}}`` names a kind of pool and describes its experts. Kinds that
need other rooms than this one add themselves (`kind`). A pool that is opened once stays open, so whoever stands behind
it has one account and one set of weights in a process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from math import inf
from typing import Any, TypeAlias

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pool import ExpertPool
from syllogym.envs.routing.scripted import Script, ScriptedPool
from syllogym.errors import UserError, check_options

Opener: TypeAlias = Callable[[Mapping[str, Any]], ExpertPool]

CARD = tuple(field.name for field in fields(ModelCard) if field.name != "name")
"""What a card says beside its name."""

TIERS: Mapping[str, Any] = {
    "scripted": {
        name: {"skill": skill, "slope": inf, "output_price": price, "pace": pace, "description": text}
        for name, skill, price, pace, text in (
            ("small", 0.3, 0.2, 0.01, "cheap, right on easy questions"),
            ("medium", 0.6, 1.0, 0.02, "right on most questions"),
            ("large", 1.0, 5.0, 0.05, "dear, always right"),
        )
    }
}
"""Three experts, each exactly as good as its skill says."""

_kinds: dict[str, Opener] = {}
_open: dict[str, ExpertPool] = {}


def kind(name: str) -> Callable[[Opener], Opener]:
    """Return a decorator for what opens pools of a kind, given the experts' descriptions by name."""

    def decorate(opener: Opener) -> Opener:
        _kinds[name] = opener
        return opener

    return decorate


def open_pool(experts: Any) -> ExpertPool:
    """Return the pool that an option `experts` describes; a pool itself stays what it is."""
    if not isinstance(experts, Mapping):
        if hasattr(experts, "ask") and hasattr(experts, "cards"):
            pool: ExpertPool = experts
            return pool
        raise UserError(f"experts is a mapping such as {{scripted: {{small: {{skill: 0.3}}}}}}; not {experts!r}.")
    key = json.dumps(experts, sort_keys=True, default=str)
    if key not in _open:
        if len(experts) != 1:
            raise UserError(f"experts names one kind of pool ({', '.join(sorted(_kinds))}); not {', '.join(experts)}.")
        ((name, described),) = experts.items()
        if name not in _kinds:
            raise UserError(
                f"experts: the kind of pool is one of {', '.join(sorted(_kinds))}; not {name!r}. "
                "Outside of scenarios, `players` wants: import syllogym.agents.routing.policy_pool"
            )
        if not isinstance(described, Mapping) or not all(isinstance(one, Mapping) for one in described.values()):
            raise UserError(f"experts.{name} describes each expert by its name, as in {{small: {{...}}}}.")
        _open[key] = _kinds[name](described)
    return _open[key]


def card_of(name: str, described: Mapping[str, Any]) -> ModelCard:
    """Return an expert's card; of its description other keys are left alone."""
    return ModelCard(**{"name": name, **{key: described[key] for key in CARD if key in described}})


@kind("scripted")
def _scripted(described: Mapping[str, Any]) -> ScriptedPool:
    own = tuple(field.name for field in fields(Script) if field.name != "card")
    scripts = []
    for name, says in described.items():
        check_options(f"experts.scripted.{name}", (*own, *CARD), says)
        scripts.append(Script(card_of(name, says), **{key: says[key] for key in own if key in says}))
    return ScriptedPool(scripts)
