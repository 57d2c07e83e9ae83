"""Which weights does a model compute with? Its own, or those that a low-rank adapter makes of them.

A model with an adapter has weights that learn and weights that do not. The latter are never copied, only shared.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)


def twin(module: M) -> M:
    """Return a copy that learns apart; weights that do not learn (`requires_grad`) are shared with the module."""
    return copy.deepcopy(module, {id(weight): weight for weight in module.parameters() if not weight.requires_grad})


def adapted(model: nn.Module) -> dict[str, Any]:
    """Return the layers that have an adapter, by name."""
    return {name: layer for name, layer in model.named_modules() if hasattr(layer, "lora_A")}


def plain_weight(layer: Any) -> Tensor:
    """Return the matrix that a layer multiplies with, its adapter merged in; the layer stays as it is."""
    return (_merged(copy.deepcopy(layer)) if hasattr(layer, "lora_A") else layer).weight.detach()  # type: ignore[no-any-return]


def plain_weights(model: nn.Module, *, merge: bool = True) -> Iterator[tuple[str, Tensor]]:
    """Yield every weight under the name it has in the model without an adapter, one at a time.

    Adapters are merged in, or left out. Weights that are tied come under each of their names.
    """
    for name, weight in model.named_parameters(remove_duplicate=False):
        place, _, kind = name.rpartition(".")
        layer = place.removesuffix(".base_layer")
        if "lora_" not in place:
            merged = merge and kind == "weight"
            yield f"{layer}.{kind}", plain_weight(model.get_submodule(layer)) if merged else weight.detach()


def adapter_weights(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Yield the low-rank matrices of every layer with an adapter; B has its scale in it, so that W becomes W + B A."""
    for name, layer in adapted(model).items():
        (which,) = layer.active_adapters
        yield f"{name}.lora_A.weight", layer.lora_A[which].weight.detach()
        yield f"{name}.lora_B.weight", layer.lora_B[which].weight.detach() * layer.scaling[which]


def without_adapter(model: Any, *, merge: bool) -> Any:
    """Return a copy that has its adapter merged into its weights, or left out, and learns in all of them."""
    whole = copy.deepcopy(model)
    for name, layer in adapted(whole).items():
        whole.set_submodule(name, _merged(layer) if merge else layer.get_base_layer())
    if adapted(model):
        del whole.peft_config
        whole._hf_peft_config_loaded = False
    return whole.requires_grad_(True)


@torch.no_grad()
def _merged(layer: Any) -> Any:
    layer.merge()
    return layer.get_base_layer()
