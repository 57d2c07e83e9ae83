"""Which language model does a policy begin as? One of its own, or an adapter over a base that policies share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from syllogym.agents.critic import Kind
from syllogym.agents.lora import Lora, add_adapter, base_of, load_adapter
from syllogym.agents.policy import Policy
from syllogym.agents.pretrained import check_vocabulary, read_model, read_tokenizer
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.agents.weights import twin
from syllogym.errors import UserError
from syllogym.scenarios.policy_spec import PolicySpec


class LanguageModels:
    """Makes the policies of one run. Those that have adapters over the same base have it in memory once.

    Args:
        device: where they compute.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._bases: dict[str, Any] = {}

    def make(self, spec: PolicySpec, path: Path | None, *, seed: int, critic: Kind | None) -> Policy:
        """Load a policy from the folder `path`, or begin it as `spec` says.

        Args:
            spec: of the policy. seed: of weights that are made from nothing. critic: of which kind.
            path: a policy that was saved as `Policy.save` does.
        """
        source = os.fspath(path) if path else spec.model
        under = base_of(source) if source else None
        if under and spec.lora is None and path is None:
            raise UserError(
                f"policy.model: {source!r} is an adapter; write lora: {{}} beside it to train it further, or merge it "
                "into its base (Policy.merged) to train all weights."
            )
        if spec.lora is not None and (path is None or under):
            policy = self._adapted(spec, source, under, seed, critic)
        elif source is not None:
            policy = Policy.load(source, critic=critic)
        else:
            tokenizer = byte_tokenizer()
            policy = Policy(_tiny(spec, tokenizer, seed), tokenizer, critic=critic)
        return policy.to(self.device)

    def _adapted(
        self, spec: PolicySpec, source: str | None, under: str | None, seed: int, critic: Kind | None
    ) -> Policy:
        """Continue the adapter at `source`, whose base is `under` it; or begin one, over what is at `source`."""
        tokenizer = read_tokenizer(source, under) if source else byte_tokenizer()
        where = under or source
        name = os.path.realpath(where) if where and spec.model else f"{spec.tiny}"
        if name not in self._bases:
            base = read_model(where) if where else _tiny(spec, tokenizer, seed)
            self._bases[name] = base.requires_grad_(False).to(self.device)
        model = twin(self._bases[name])
        check_vocabulary(source or "", model, tokenizer)
        if source and under:
            load_adapter(model, source, spec.lora)
        else:
            add_adapter(model, spec.lora or Lora(), seed=seed)
        return Policy(model, tokenizer, critic=critic)


def _tiny(spec: PolicySpec, tokenizer: Any, seed: int) -> Any:
    assert spec.tiny is not None
    return tiny_model(tokenizer, seed=seed, **spec.tiny.model_dump())
