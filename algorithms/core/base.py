"""What is an algorithm here? A dataclass of settings with two methods: credit for the tokens, and a loss.

It holds mathematics only: no files, no devices, no logging. The learner knows nothing of the method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.coefficients import Coefficient
from syllogym.algorithms.core.corrections import Correction
from syllogym.algorithms.core.kl import kl_estimate
from syllogym.algorithms.core.losses import token_ratio
from syllogym.algorithms.core.natural_gradient import TrustRegion
from syllogym.algorithms.core.returns import outcomes
from syllogym.errors import UserError

__all__ = ["Algorithm", "Batch", "Credit", "Scores"]

_LIMITS: dict[str, tuple[float, float]] = dict.fromkeys(("gamma", "lam", "decay", "share", "shrink"), (0.0, 1.0))
"""Between which numbers, both allowed, settings of these names must lie, whoever has them."""

_POSITIVE = (
    *("clip", "clip_high", "dual", "value_clip", "eps", "steps", "length", "share"),
    *("delta", "iterations", "tries"),
)
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
    """What a method makes of the rewards, for each action token. All (A,), detached.

    Attributes:
        advantage: how much better than expected the token was.
        target: what the critic should have said; None without a critic.
        keep: false where the loss is not to see the token, nor a denominator to count it; None keeps all.
        chosen: true where a selector chose the token, for a method whose loss treats these apart.
    """

    advantage: Tensor
    target: Tensor | None = None
    keep: Tensor | None = None
    chosen: Tensor | None = None

    def at(self, index: Tensor) -> Credit:
        """Return the credit of the tokens at `index`."""
        return Credit(*(None if column is None else column[index] for column in self))  # type: ignore[arg-type]


@dataclass(kw_only=True)
class Algorithm:
    """A learning method. Its fields are its settings; scenarios set them by name.

    Attributes:
        epochs: passes over each rollout.
        minibatches: optimiser steps in each pass.
        learns: what changes: a language model's ``tokens``; `ValueMethod` has others.
        correction: how the policy's loss is weighted where another engine than the learner's sampled.
        needs_groups: several replies to each prompt are compared.
        needs_critic: the policy carries a value head.
        needs_teacher: a stronger policy scores the tokens (`Batch.teacher`).
        needs_demonstrations: the reference solver's own episode joins each group (`Batch.demonstrated`).
        needs_proximal: credit looks at log-probs or entropies of the sampling weights, even when there is one update.
        needs_current: `refine` looks at the current log-probs of a whole optimiser step, however it is cut up.
        progress: how much of the run is over, in [0, 1]; set before each rollout, for coefficients that change.
    """

    epochs: int = 1
    minibatches: int = 1
    correction: Correction = field(default_factory=Correction)

    name: ClassVar[str] = ""
    learns: ClassVar[str] = "tokens"
    needs_groups: ClassVar[bool] = False
    needs_critic: ClassVar[bool] = False
    needs_teacher: ClassVar[bool] = False
    needs_demonstrations: ClassVar[bool] = False
    needs_proximal: ClassVar[bool] = False
    needs_current: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.progress = 0.0
        for setting in ("epochs", "minibatches"):
            if getattr(self, setting) < 1:
                raise UserError(f"{self.name}: {setting} must be at least 1; it is {getattr(self, setting)}.")
        for setting, (low, high) in _LIMITS.items():
            given = getattr(self, setting, None)
            if given is not None and not low <= given <= high:
                raise UserError(f"{self.name}: {setting} must lie between {low:g} and {high:g}; it is {given}.")
        for setting in _POSITIVE:
            given = getattr(self, setting, None)
            if given is not None and given <= 0:
                raise UserError(f"{self.name}: {setting} must be above 0; it is {given}.")

    @property
    def needs_reference(self) -> bool:
        """Whether a frozen copy of the policy must score the tokens: when a KL term has weight."""
        kl = getattr(self, "kl", 0.0)
        return kl.active if isinstance(kl, Coefficient) else bool(kl)

    @property
    def clip_range(self) -> tuple[float, float] | None:
        """How far below and above 1 the ratio of a token may go before it is clipped; None where none is."""
        clip = getattr(self, "clip", None)
        return None if clip is None else (clip, getattr(self, "clip_high", None) or clip)

    @property
    def trust_region(self) -> TrustRegion | None:
        """How far a step may change the policy, where the natural gradient takes it; None leaves it to `optimiser`."""
        return None

    def parameters(self) -> list[nn.Parameter]:
        """Return weights of the method's own that are learnt beside the policy's: those in its parameter lists."""
        return [weight for part in vars(self).values() if isinstance(part, nn.ParameterList) for weight in part]

    @property
    def updates(self) -> int:
        """Optimiser steps for each rollout."""
        return self.epochs * self.minibatches

    def informative(self, batch: Batch) -> Tensor:
        """Return (M,) bool: which trajectories are worth learning from; others are left out and played anew."""
        return torch.ones(batch.trajectories, dtype=torch.bool)

    def keep(self, history: Mapping[int, Sequence[bool]]) -> list[int]:
        """Return which instances of a finite set the next epoch has.

        Args:
            history: for each instance played in the epoch that ends, whether each of its episodes was solved.
        """
        return list(history)

    def advantages(self, batch: Batch) -> Credit:
        """Give credit to the A action tokens of a whole rollout."""
        raise NotImplementedError

    def refine(self, logprobs: Tensor, batch: Batch, credit: Credit) -> Credit:
        """Change the credit of an optimiser step's tokens for that step, knowing their current log-probs (A,)."""
        return credit

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
