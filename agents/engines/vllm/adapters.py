"""Which policies can share vLLM's processes? Those whose adapters are over one base, where vLLM can keep them apart."""

from __future__ import annotations

from typing import Any, NamedTuple

from torch import nn

from syllogym.agents.weights import adapted
from syllogym.errors import UserError

_RANKS = (1, 8, 16, 32, 64, 128, 256, 320, 512)
"""The ranks that vLLM can make room for."""
_KNOWN = 1024
"""Adapters that vLLM remembers beside those that it has room for in a batch; more than ever share a base."""


class Room(NamedTuple):
    """What vLLM has to make room for when it begins: the largest rank, and the last names of the adapted layers.

    Only these layers: on a CPU vLLM 0.32 cannot score prompts where it has room for an adapter of the output head.
    """

    rank: int = 0
    layers: frozenset[str] = frozenset()

    def also_for(self, model: nn.Module) -> Room:
        """Return the room in which a model's adapter has its place, too."""
        layers = adapted(model)
        rank = max((max(layer.r.values()) for layer in layers.values()), default=0)
        return Room(max(self.rank, rank), self.layers | {name.rpartition(".")[2] for name in layers})

    def arguments(self, batch: int) -> dict[str, Any]:
        """Return the arguments of vLLM that make it, for so many adapters in one batch; none where it is empty."""
        if not self.layers:
            return {}
        return {
            "enable_lora": True,
            "max_loras": batch,
            "max_lora_rank": next(most for most in _RANKS if most >= self.rank),
            "max_cpu_loras": max(_KNOWN, batch),
            "lora_target_modules": sorted(self.layers),
        }


def base_of(model: Any) -> frozenset[int]:
    """Return what tells the base of a model's adapter from others: where its weights lie. Nothing without an adapter.

    Raises:
        UserError: vLLM cannot compute with this adapter beside the base.
    """
    layers = adapted(model)
    for name, layer in layers.items():
        if why := _unfit(layer, model.get_output_embeddings()):
            raise UserError(
                f"vLLM cannot compute with the adapter of {name} beside its base: {why}. Write engine.adapters: 0 "
                "(--set engine.adapters=0), and it is sent merged into the base."
            )
    weights = model.named_parameters() if layers else ()
    return frozenset(weight.data_ptr() for name, weight in weights if "lora_" not in name)


def _unfit(layer: Any, head: Any) -> str:
    """Say why vLLM cannot have a layer's adapter apart; nothing where it can."""
    if not isinstance(layer.get_base_layer(), nn.Linear):
        return f"it is over a {type(layer.get_base_layer()).__name__}"
    if layer is head:
        return "it is over the output head"
    if any(layer.use_dora.values()):
        return "it is a DoRA"
    if (rank := max(layer.r.values())) > _RANKS[-1]:
        return f"its rank is {rank}, and {_RANKS[-1]} is the most"
    return ""
