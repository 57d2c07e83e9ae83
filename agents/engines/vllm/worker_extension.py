"""How does vLLM take up weights while it runs? Each of its own workers reads them from shared memory.

vLLM mixes the class below into its workers, one for each GPU that a model is spread over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from syllogym.agents.engines.vllm.shared_weights import at
from syllogym.agents.engines.vllm.worker import MERGED


class TakesWeights:
    """What a worker of vLLM can do for us in addition."""

    model_runner: Any
    reload_weights: Any

    def syllogym_take(self, path: str, layout: Sequence[Any], plainly: bool) -> None:
        """Load weights, named as in a checkpoint.

        Args:
            path: of the shared memory. layout: what lies where in it.
            plainly: copy them into the model's parameters; otherwise vLLM's reload is asked, which also makes anew
                what it has made of them (packed copies for a CPU's kernels, quantised ones).
        """
        with torch.no_grad():
            if plainly:
                self.model_runner.get_model().load_weights(at(path, layout))
            else:
                self.reload_weights(weights_iterator=at(path, layout))

    def syllogym_take_adapter(self, number: int, path: str, layout: Sequence[Any]) -> None:
        """Take up the low-rank matrices of an adapter in the place of those that had its number.

        Args:
            number: of the adapter. path, layout: see `syllogym_take`. The matrices are named by their layers, and
                their scale is in them.
        """
        from vllm.lora.lora_model import LoRAModel
        from vllm.lora.peft_helper import PEFTHelper

        known = self.model_runner.lora_manager._adapter_manager
        weights = {name: weight.clone() for name, weight in at(path, layout)}  # vLLM may come back to them any time
        rank = max(weight.shape[0] for name, weight in weights.items() if name.endswith("lora_A.weight"))
        mapper = getattr(known.model, "hf_to_vllm_mapper", None)
        adapter = LoRAModel.from_lora_tensors(
            number,
            weights,
            PEFTHelper(r=rank, lora_alpha=rank, target_modules=[]),
            device="cpu",
            dtype=known.lora_config.lora_dtype,
            weights_mapper=mapper.get_rename_mapper() if mapper is not None else None,
        )
        parts = {part for module in known.modules for part in _parts(module, known.packed_modules_mapping)}
        if unknown := sorted(adapter.loras.keys() - parts):
            raise ValueError(f"vLLM has no adapters for {unknown[0]}. {MERGED}")
        known.remove_adapter(number)
        known.add_adapter(adapter)
        known.activate_adapter(number)


def _parts(module: str, packed: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the layers that a module of vLLM computes together (queries, keys, values), as a checkpoint has them."""
    place, _, name = module.rpartition(".")
    return [f"{place}.{part}" for part in packed.get(name, [name])]
