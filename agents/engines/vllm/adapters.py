"""Which policies can share vLLM's processes? Those whose adapters are over one base, where vLLM can keep them apart."""

from __future__ import annotations

from typing import Any

from torch import nn

from syllogym.agents.weights import adapted
from syllogym.errors import UserError

_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""The ranks that vLLM can make room for."""
_KNOWN = 1024
"""Adapters that vLLM remembers beside those that it has room for in a batch; more than ever share a base."""


def base_of(model: nn.Module) -> frozenset[int]:
    """Return what tells the base of a model's adapter from others: where its weights lie. Nothing without an adapter.

    Raises:
        UserError: vLLM cannot compute with this adapter beside the base.
    """
    layers = adapted(model)
    for name, layer in layers.items():
        if why := _unfit(layer):
            raise UserError(
                f"vLLM cannot compute with the adapter of {name} beside its base: {why}. Write engine.adapters: 0 (--set "
                "engine.adapters=0), and it is sent merged into the base."
            )
    weights = model.named_parameters() if layers else ()
    return frozenset(weight.data_ptr() for name, weight in weights if "lora_" not in name)


def rank_of(model: nn.Module) -> int:
    """Return the largest rank in a model's adapter; 0 without one."""
    return max((max(layer.r.values()) for layer in adapted(model).values()), default=0)


def room_for(rank: int, batch: int) -> dict[str, Any]:
    """Return the arguments of vLLM that let it have adapters of a rank, so many in one batch."""
    room = next(most for most in _RANKS if most >= rank)
    return {"enable_lora": True, "max_loras": batch, "max_lora_rank": room, "max_cpu_loras": max(_KNOWN, batch)}


def _unfit(layer: Any) -> str:
    """Say why vLLM cannot have a layer's adapter apart; nothing where it can."""
    if not isinstance(layer.get_base_layer(), nn.Linear):
        return f"it is over a {type(layer.get_base_layer()).__name__}"
    if any(getattr(layer, "use_dora", {}).values()):
        return "it is a DoRA"
    if (rank := max(layer.r.values())) > _RANKS[-1]:
        return f"its rank is {rank}, and {_RANKS[-1]} is the most"
    return ""
