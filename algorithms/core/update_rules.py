"""By which rule does a gradient change the weights? PyTorch's AdamW, SGD, or Muon for matrices (AdamW for the rest)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from torch import nn
from torch.optim import SGD, AdamW, Muon, Optimizer

from syllogym.agents.policy import Policy

Rule = Literal["adamw", "sgd", "muon"]


def update_rules(
    rule: Rule,
    policy: Policy,
    beside: Sequence[nn.Parameter] = (),
    *,
    lr: float,
    betas: tuple[float, float],
    momentum: float,
    weight_decay: float,
) -> list[Optimizer]:
    """Return the optimisers that together move every weight of a policy that learns.

    Args:
        rule: ``muon`` orthogonalises the steps of hidden matrices (arXiv 2502.16982), scaled to the size of AdamW's, so
            that one learning rate suits both.
        policy: whose weights move. beside: weights that move with them.
        lr, weight_decay: of every rule. betas: of AdamW. momentum: of SGD and Muon.
    """
    weights = [*_learning(policy), *beside]
    if rule == "sgd":
        return [SGD(weights, lr=lr, momentum=momentum, weight_decay=weight_decay)]
    matrices = _hidden_matrices(policy) if rule == "muon" else []
    chosen = {id(weight) for weight in matrices}
    others = [weight for weight in weights if id(weight) not in chosen]
    rules: list[Optimizer] = []
    if others:
        rules.append(AdamW(others, lr=lr, betas=betas, weight_decay=weight_decay, fused=True))
    if matrices:
        scale = "match_rms_adamw"
        rules.append(Muon(matrices, lr=lr, momentum=momentum, weight_decay=weight_decay, adjust_lr_fn=scale))
    return rules


def _hidden_matrices(policy: Policy) -> list[nn.Parameter]:
    """Return the weights that Muon is meant for: two-dimensional, and neither embedding nor output head."""
    ends = [policy.model.get_input_embeddings(), policy.model.get_output_embeddings()]
    outer = {id(weight) for end in ends if end is not None for weight in end.parameters()}
    return [weight for weight in _learning(policy.model) if weight.ndim == 2 and id(weight) not in outer]


def _learning(module: nn.Module) -> list[nn.Parameter]:
    return [weight for weight in module.parameters() if weight.requires_grad]
