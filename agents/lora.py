"""How does a policy learn by a low-rank adapter (LoRA, arXiv 2106.09685) while the model under it stays as it is?

PEFT puts the adapter into the model's linear layers; files are in PEFT's format. A base that was made from nothing is
saved with its adapter, in the folder `base` beside it; every other is named by its path.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from safetensors.torch import save_file
from torch import nn
from transformers.pytorch_utils import Conv1D
from transformers.utils.peft_utils import find_adapter_config_file

from syllogym.agents.pretrained import own_memory, readable
from syllogym.agents.weights import adapted, without_adapter
from syllogym.errors import UserError, did_you_mean

ALL = "all-linear"
BASE = "base"
_PREFIX = "base_model.model."
"""What PEFT's files have before the names of weights."""


@dataclass(frozen=True, kw_only=True)
class Lora:
    """An adapter's shape: a layer's matrix W becomes W + alpha / rank B A, and only A and B learn.

    What is left out is as a continued adapter has it.

    Attributes:
        rank: rows of A and columns of B; 8 for a new adapter.
        alpha: its weight; twice the rank for a new adapter.
        targets: names of the linear layers, or ``all-linear`` for each but the output head, as a new adapter has them.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    rank: int | None = None
    alpha: float | None = None
    targets: Literal["all-linear"] | list[str] | None = None

    def __post_init__(self) -> None:
        if self.rank is not None and self.rank < 1:
            raise UserError(f"policy.lora.rank is at least 1; not {self.rank}.")
        if self.alpha is not None and self.alpha <= 0:
            raise UserError(f"policy.lora.alpha is above 0; not {self.alpha}.")
        if self.targets == []:
            raise UserError("policy.lora.targets names no layer, so nothing would learn; leave it out for all of them.")


def add_adapter(model: Any, lora: Lora, *, seed: int) -> None:
    """Put a new adapter into a model's layers, which then is all that learns; it changes no number yet.

    Args:
        seed: of A; B is zero.
    """
    peft = _peft()
    names = _targets(model, lora.targets or ALL)
    rank = lora.rank or 8
    model.requires_grad_(False)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        config = peft.LoraConfig(
            r=rank,
            lora_alpha=lora.alpha or 2 * rank,
            target_modules=names,
            fan_in_fan_out=any(isinstance(model.get_submodule(name), Conv1D) for name in _matched(model, names)),
            task_type="CAUSAL_LM",
        )
        model.add_adapter(config)


def load_adapter(model: Any, path: str, lora: Lora | None = None) -> None:
    """Put a saved adapter into its base's layers, to be trained further; `UserError` where `lora` wants another."""
    peft = _peft()
    model.requires_grad_(False)
    with readable(path), torch.random.fork_rng(devices=[]):
        config = peft.PeftConfig.from_pretrained(path, inference_mode=False)
        _check_kind(path, config)
        weights = peft.load_peft_weights(path, device="cpu")
        model.add_adapter(config)
        try:
            inner = {name.removeprefix(_PREFIX): weight for name, weight in weights.items()}
            missing, unknown = peft.set_peft_model_state_dict(model, inner)[:2]
        except RuntimeError as error:
            raise ValueError(f"its shapes do not fit the base, {model.name_or_path or BASE}") from error
    if wrong := sorted([*unknown, *(name for name in missing if "lora_" in name)]):
        raise UserError(f"policy.model: the adapter {path!r} does not fit its base: {wrong[0]} is missing or unknown.")
    _check_layers(model, adapted(model))
    _check_same(path, model, config, lora or Lora())
    own_memory(model)
    if os.path.isdir(os.path.join(path, BASE)):
        model.name_or_path = ""


def save_adapter(model: Any, folder: Path) -> None:
    """Write the adapter alone, in PEFT's format, and its base too where that lies nowhere yet."""
    peft = _peft()
    config = model.peft_config["default"]
    config.base_model_name_or_path = model.name_or_path or BASE
    config.save_pretrained(folder)
    # Left to itself, PEFT would ask the hub for the base each time, to see whether its embeddings have grown.
    weights = peft.get_peft_model_state_dict(model, save_embedding_layers=False)
    whole = {_PREFIX + name: weight.contiguous() for name, weight in weights.items()}
    save_file(whole, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    if not model.name_or_path:
        without_adapter(model, merge=False).save_pretrained(folder / BASE)


def base_of(path: str) -> str | None:
    """Return where the base of the adapter in a folder, or on the hub, lies; None where there is no adapter."""
    if os.path.isfile(os.path.join(path, "config.json")):
        return None  # a whole model
    try:
        if find_adapter_config_file(path) is None:
            return None
    except OSError:
        return None
    own = os.path.join(path, BASE)
    with readable(path):
        return own if os.path.isdir(own) else str(_peft().PeftConfig.from_pretrained(path).base_model_name_or_path)


def _peft() -> Any:
    try:
        import peft
    except ModuleNotFoundError as error:
        raise UserError("policy.lora needs peft: pip install 'syllogym[lora]'.") from error
    return peft


def _linear(model: Any) -> dict[str, nn.Module]:
    """Return a model's linear layers by name, also those with an adapter."""
    layers = {name: getattr(layer, "base_layer", layer) for name, layer in model.named_modules()}
    inner = (".base_layer", ".lora_")
    return {
        name: layer
        for name, layer in layers.items()
        if isinstance(layer, nn.Linear | Conv1D) and not any(part in name for part in inner)
    }


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _targets(model: Any, targets: str | Collection[str]) -> list[str]:
    """Return the names that an adapter's layers end with; `UserError` for one that the model does not have."""
    head = model.get_output_embeddings()
    known = sorted({_last(name) for name, layer in _linear(model).items() if layer is not head})
    if isinstance(targets, str):
        return known
    for target in targets:
        found = _matched(model, [target])
        if not found:
            raise UserError(
                f"policy.lora.targets: {target!r} is no layer of the model; its linear layers are "
                f"{', '.join(known)}.{did_you_mean(target, known)}"
            )
        _check_layers(model, found)
    return sorted(targets)


def _matched(model: Any, targets: Collection[str]) -> list[str]:
    names = dict(model.named_modules())
    return [name for name in names if name and any(name == end or name.endswith(f".{end}") for end in targets)]


def _check_layers(model: Any, names: Collection[str]) -> None:
    """Raise `UserError` unless all are linear layers with weights of their own."""
    linear = _linear(model)
    embedding: Any = model.get_input_embeddings()
    for name in names:
        layer: Any = linear.get(name)
        if layer is None:
            known = ", ".join(sorted(set(map(_last, linear))))
            raise UserError(
                f"policy.lora.targets: {_last(name)} is no linear layer; the model's linear layers are {known}."
            )
        if layer.weight is getattr(embedding, "base_layer", embedding).weight:
            raise UserError(
                f"policy.lora.targets: {_last(name)} shares its weight with the input embedding, which would have to "
                "learn with it; leave it out."
            )


def _check_kind(path: str, config: Any) -> None:
    """Raise `UserError` unless all that an adapter trains is low-rank matrices of layers."""
    more = ("modules_to_save", "trainable_token_indices", "target_parameters", "lora_bias")
    given = [name for name in more if getattr(config, name, None)]
    if config.peft_type != "LORA" or given or config.bias != "none":
        what = f"is {config.peft_type}" if config.peft_type != "LORA" else f"trains {', '.join(given) or 'biases'} too"
        raise UserError(
            f"policy.model: the adapter {path!r} {what}; only low-rank matrices of linear layers (LoRA) can be trained "
            "further. Merge it into its base with peft's merge_and_unload, and begin there."
        )


def _check_same(path: str, model: Any, config: Any, lora: Lora) -> None:
    """Raise `UserError` where settings are not those of the adapter that is continued."""
    layers = set(adapted(model))
    for name, wanted, have in (("rank", lora.rank, config.r), ("alpha", lora.alpha, config.lora_alpha)):
        if wanted not in (None, have):
            raise UserError(f"policy.lora.{name}: the adapter {path!r} has {have}, not {wanted}; leave it out.")
    if lora.targets is not None and set(_matched(model, _targets(model, lora.targets))) != layers:
        have = ", ".join(sorted(set(map(_last, layers))))
        raise UserError(f"policy.lora.targets: the adapter {path!r} is in the layers {have}; leave it out.")
