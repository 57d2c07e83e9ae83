"""How is a small network over a question's features fitted in seconds? Adam on mini-batches, stopped where it helps."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn

from syllogym.envs.routing.table import Array

Loss = Callable[[Tensor, Tensor], Tensor]
"""From what a network says of some rows, (B, M), and their numbers, (B,), to a scalar."""


def tensor(cells: Array) -> Tensor:
    """Return an array as a tensor of single precision."""
    return torch.from_numpy(cells).float()


def perceptron(inputs: int, width: int, quality: Array, dropout: float) -> nn.Sequential:
    """Return a network with one hidden layer whose M logits begin at the models' mean quality, whatever it sees.

    Drawn from torch's own source of chance.
    """
    head = nn.Linear(width, quality.shape[1])
    nn.init.zeros_(head.weight)
    with torch.no_grad():
        head.bias.copy_(tensor(quality.mean(axis=0)).clamp(0.02, 0.98).logit())
    return nn.Sequential(nn.Linear(inputs, width), nn.ReLU(), nn.Dropout(dropout), head)


def fit(
    network: nn.Module, seen: Tensor, loss: Loss, *, epochs: int, rate: float = 2e-3, decay: float = 1e-2, held: int = 0
) -> None:
    """Fit a network to the rows `seen` (N, D).

    The last `held` rows of a shuffle are not learnt from; the network as it was when they were predicted best is kept.
    """
    order = torch.randperm(len(seen))
    learnt, kept_out = order[: len(seen) - held], order[len(seen) - held :]
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)
    best, weights = float("inf"), copy.deepcopy(network.state_dict())
    for _ in range(epochs):
        network.train()
        for rows in learnt[torch.randperm(len(learnt))].split(128):
            optimiser.zero_grad()
            loss(network(seen[rows]), rows).backward()
            optimiser.step()
        network.eval()
        if held:
            with torch.no_grad():
                found = float(loss(network(seen[kept_out]), kept_out))
            if found < best:
                best, weights = found, copy.deepcopy(network.state_dict())
    network.load_state_dict(weights if held else network.state_dict())


@torch.no_grad()
def said(network: nn.Module, features: Array) -> Array:
    """Return a network's outputs, (N, M)."""
    out: Array = network.eval()(tensor(features)).double().numpy()
    return out
