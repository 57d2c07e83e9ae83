"""What is an algorithm here? A dataclass of settings with two methods: credit for the tokens, and a loss.

It holds mathematics only: no files, no devices, no logging. The learner knows nothing of the method.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.kl import kl_estimate
from syllogym.algorithms.core.losses import token_ratio
from syllogym.algorithms.core.returns import outcomes
from syllogym.errors import UserError

_LIMITS: dict[str, tuple[float, float]] = {"gamma": (0.0, 1.0), "lam": (0.0, 1.0), "decay": (0.0, 1.0)}
"""Between which numbers, both allowed, settings of these names must lie, whoever has them."""

_POSITIVE = ("clip", "dual", "value_clip", "eps", "steps", "length")
"""Settings of these names must be above 0 (or null where a method allows it), whoever has them."""


@runtime_checkable
class Remembers(Protocol):
    """A part of a method that lasts from one rollout to the next."""

    def state_dict(self) -> dict[str, Any]:
        """Return what is remembered, for a checkpoint."""
        ...

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        ...


class Credit(NamedTuple):
    """What a method makes of the rewards: an advantage for each action token, and the critic's target.

    Both (A,), detached; `target` is None without a critic.
    """

    advantage: Tensor
    target: Tensor | None = None

    def at(self, index: Tensor) -> Credit:
        """Return the credit of the tokens at `index`."""
        return Credit(self.advantage[index], None if self.target is None else self.target[index])


@dataclass(kw_only=True)
class Algorithm:
    """A learning method. Its fields are its settings; scenarios set them by name.

    Attributes:
        epochs: passes over each rollout.
        minibatches: optimiser steps in each pass.
        needs_groups: several replies to each prompt are compared.
        needs_critic: the policy carries a value head.
        needs_teacher: a stronger policy scores the tokens (`Batch.teacher`).
        needs_demonstrations: the reference solver's own episode joins each group (`Batch.demonstrated`).
        needs_proximal: credit looks at log-probs or entropies of the sampling weights, even when there is one update.
        progress: how much of the run is over, in [0, 1]; set before each rollout, for coefficients that change.
    """

    epochs: int = 1
    minibatches: int = 1

    name: ClassVar[str] = ""
    needs_groups: ClassVar[bool] = False
    needs_critic: ClassVar[bool] = False
    needs_teacher: ClassVar[bool] = False
    needs_demonstrations: ClassVar[bool] = False
    needs_proximal: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.progress = 0.0
        for field in ("epochs", "minibatches"):
            if getattr(self, field) < 1:
                raise UserError(f"{self.name}: {field} must be at least 1; it is {getattr(self, field)}.")
        for field, (low, high) in _LIMITS.items():
            given = getattr(self, field, None)
            if given is not None and not low <= given <= high:
                raise UserError(f"{self.name}: {field} must lie between {low:g} and {high:g}; it is {given}.")
        for field in _POSITIVE:
            given = getattr(self, field, None)
            if given is not None and given <= 0:
                raise UserError(f"{self.name}: {field} must be above 0; it is {given}.")

    @property
    def needs_reference(self) -> bool:
        """Whether a frozen copy of the policy must score the tokens: when a KL term has weight."""
        kl = getattr(self, "kl", 0.0)
        return kl.active if isinstance(kl, Coefficient) else bool(kl)

    @property
    def updates(self) -> int:
        """Optimiser steps for each rollout."""
        return self.epochs * self.minibatches

    def informative(self, batch: Batch) -> Tensor:
        """Return (M,) bool: which trajectories are worth learning from; others are left out and played anew."""
        return torch.ones(batch.trajectories, dtype=torch.bool)

    def advantages(self, batch: Batch) -> Credit:
        """Give credit to the A action tokens of a whole rollout."""
        raise NotImplementedError

    def ratio(self, logprobs: Tensor, batch: Batch) -> Tensor:
        """Return what the method clips, (A,): how much likelier each token is than when it was sampled."""
        assert batch.proximal is not None
        return token_ratio(logprobs, batch.proximal)

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        """Return the scalar to lower for a micro-batch, already divided by the totals of the whole step."""
        raise NotImplementedError

    def now(self, weight: float | Coefficient) -> float:
        """Return what a coefficient is at this point of the run."""
        return weight.at(self.progress) if isinstance(weight, Coefficient) else weight

    def steer(self, batch: Batch) -> None:
        """Move the coefficients that have a target, once the credit of a rollout is given."""
        kl, bonus = getattr(self, "kl", None), getattr(self, "entropy", None)
        if isinstance(kl, Coefficient) and kl.target is not None:
            assert batch.proximal is not None and batch.reference is not None
            distance = outcomes(kl_estimate(batch.proximal, batch.reference, "k1"), batch.trajectory)
            kl.steer(float(distance.mean()) / kl.target - 1.0, batch.trajectories)
        if isinstance(bonus, Coefficient) and bonus.target is not None:
            assert batch.entropy is not None
            bonus.steer(1.0 - float(batch.entropy.mean()) / bonus.target, batch.trajectories)

    def state_dict(self) -> dict[str, Any]:
        """Return what the method's parts remember between rollouts (moving baselines, steered coefficients)."""
        return {name: part.state_dict() for name, part in vars(self).items() if isinstance(part, Remembers)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        for name, remembered in state.items():
            getattr(self, name).load_state_dict(remembered)
