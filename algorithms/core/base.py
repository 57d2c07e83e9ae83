"""What is an algorithm here? A dataclass of settings with two methods: credit for the tokens, and a loss.

It holds mathematics only: no files, no devices, no logging. The learner knows nothing of the method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.corrections import Correction
from syllogym.algorithms.core.losses import token_ratio
from syllogym.algorithms.core.natural_gradient import TrustRegion
from syllogym.errors import UserError


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
        correction: how the policy's loss is weighted where another engine than the learner's sampled.
        needs_groups: several replies to each prompt are compared.
        needs_critic: the policy carries a value head.
        needs_teacher: a stronger policy scores the tokens (`Batch.teacher`).
        needs_demonstrations: the reference solver's own episode joins each group (`Batch.demonstrated`).
        needs_proximal: credit looks at log-probs or entropies of the sampling weights, even when there is one update.
        needs_current: `refine` looks at the current log-probs of a whole optimiser step; costs a forward pass.
        progress: how much of the run is over, in [0, 1]; set before each rollout, for coefficients that change.
    """

    epochs: int = 1
    minibatches: int = 1
    correction: Correction = field(default_factory=Correction)

    name: ClassVar[str] = ""
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

    @property
    def needs_reference(self) -> bool:
        """Whether a frozen copy of the policy must score the tokens: when a KL term has weight."""
        return float(getattr(self, "kl", 0.0)) != 0.0

    @property
    def clip_range(self) -> tuple[float, float] | None:
        """How far below and above 1 the ratio of a token may go before it is clipped; None where none is."""
        clip = getattr(self, "clip", None)
        return None if clip is None else (clip, getattr(self, "clip_high", None) or clip)

    @property
    def trust_region(self) -> TrustRegion | None:
        """How far a step may change the policy, where the natural gradient takes it; None leaves it to `optimiser`."""
        return None

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

    def state_dict(self) -> dict[str, Any]:
        """Return what the method remembers between rollouts (moving baselines, controllers), for a checkpoint."""
        return {}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what `state_dict` returned."""
