"""How far may one step go? Along the natural gradient, to the edge of a ball of KL and no further (arXiv 1502.05477).

The mean KL between old and new distributions is exact, over the whole vocabulary; its Hessian at the old weights is the
Fisher matrix F. Only products of it with vectors are formed, by differentiating twice, so nothing of its size exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

Look = Callable[[], Iterable[tuple[Tensor, Tensor]]]
"""Scores a batch with the present weights; gives each micro-batch's loss, and its (A, V) log-probabilities."""


class TrustRegion(NamedTuple):
    """How a natural-gradient step is bounded and found.

    Attributes:
        delta: mean KL (nats) between the policy before and after, which no step exceeds.
        damping: added to the diagonal of F, in the direction and in the size of the step alike.
        iterations: of conjugate gradients.
        shrink: factor on the step each time it is refused. tries: how often before the weights stay.
    """

    delta: float
    damping: float
    iterations: int
    shrink: float
    tries: int


def natural_step(weights: Sequence[nn.Parameter], look: Look, region: TrustRegion) -> dict[str, float]:
    """Move weights, which hold the loss's gradient g in `.grad`, by the longest step sqrt(2 delta / x'Fx) x allowed.

    x solves F x = -g. The step shrinks until the loss is lower than before and the mean KL at most `delta`; when no try
    is, the weights stay as they were.

    Returns:
        `step_kl`: mean KL of the step taken. `backtracks`: steps refused. `accepted`: 1 when a step was taken, else 0.
    """
    moved = [weight for weight in weights if weight.grad is not None]
    downhill = -torch.cat([weight.grad.flatten() for weight in moved if weight.grad is not None])
    with sdpa_kernel(SDPBackend.MATH):  # the faster kernels of attention cannot be differentiated twice
        with torch.no_grad():
            losses, old = zip(*look(), strict=True)

        def product(vector: Tensor) -> Tensor:
            return fisher_product(moved, look, old, vector) + region.damping * vector

        direction = conjugate_gradient(product, downhill, region.iterations)
        curvature = direction @ product(direction)
        if not curvature > 0:  # no gradient, nowhere to go
            return {"step_kl": 0.0, "backtracks": 0.0, "accepted": 0.0}
        step = (2.0 * region.delta / curvature).sqrt() * direction
        return _line_search(moved, step, look, old, float(sum(losses)), region)


@torch.no_grad()
def _line_search(
    weights: Sequence[nn.Parameter], step: Tensor, look: Look, old: Sequence[Tensor], before: float, region: TrustRegion
) -> dict[str, float]:
    start = torch.cat([weight.flatten() for weight in weights])
    for refused in range(region.tries):
        _write(weights, start + region.shrink**refused * step)
        losses, new = zip(*look(), strict=True)
        kl = float(mean_kl(old, new))
        if float(sum(losses)) < before and kl <= region.delta:
            return {"step_kl": kl, "backtracks": float(refused), "accepted": 1.0}
    _write(weights, start)
    return {"step_kl": 0.0, "backtracks": float(region.tries), "accepted": 0.0}


def conjugate_gradient(product: Callable[[Tensor], Tensor], target: Tensor, iterations: int) -> Tensor:
    """Solve F x = target for a symmetric positive definite F that is known by its product with vectors, (D,)."""
    solution = torch.zeros_like(target)
    residual, direction = target.clone(), target.clone()
    square = residual @ residual
    enough = 1e-20 * square
    for _ in range(iterations):
        if square <= enough:
            break
        image = product(direction)
        size = square / (direction @ image)
        solution += size * direction
        residual -= size * image
        before, square = square, residual @ residual
        direction = residual + square / before * direction
    return solution


def fisher_product(weights: Sequence[nn.Parameter], look: Look, old: Sequence[Tensor], vector: Tensor) -> Tensor:
    """Return the Hessian of the mean KL(old || new) at the present weights, times `vector`, (D,)."""
    tokens = sum(map(len, old))
    total = torch.zeros_like(vector)
    for before, (_, now) in zip(old, look(), strict=True):
        slope = torch.autograd.grad(_kl(before, now).sum() / tokens, weights, create_graph=True, materialize_grads=True)
        along = torch.cat([part.flatten() for part in slope]) @ vector
        bend = torch.autograd.grad(along, weights, materialize_grads=True)
        total += torch.cat([part.flatten() for part in bend])
    return total


def mean_kl(old: Sequence[Tensor], new: Sequence[Tensor]) -> Tensor:
    """Return the mean of KL(old || new) over all tokens, from their (A, V) log-probabilities."""
    divergences = [_kl(before, now) for before, now in zip(old, new, strict=True)]
    return torch.cat(divergences).mean()


def _kl(old: Tensor, new: Tensor) -> Tensor:
    return (old.exp() * (old - new)).sum(-1)


def _write(weights: Sequence[nn.Parameter], vector: Tensor) -> None:
    for weight, piece in zip(weights, vector.split([weight.numel() for weight in weights]), strict=True):
        weight.copy_(piece.view_as(weight))
