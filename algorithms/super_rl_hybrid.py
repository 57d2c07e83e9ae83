"""SuperRL's hybrid actor (arXiv 2506.01096, v1): both losses on every task, with weights that are learnt, too."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from syllogym.algorithms import register
from syllogym.algorithms.core.base import Batch, Credit, Scores
from syllogym.algorithms.core.groups import standing
from syllogym.algorithms.core.losses import aggregate
from syllogym.algorithms.super_rl import SuperRL


@register()
@dataclass(kw_only=True)
class SuperRLHybrid(SuperRL):
    """exp(-2 s) times each loss, plus s: one s for reinforcement and one for imitation, neither below `floor`."""

    floor: float = -2.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.log_sigmas = nn.ParameterList([nn.Parameter(torch.tensor(start)) for start in (0.0, 1.0)])

    def advantages(self, batch: Batch) -> Credit:
        own = ~batch.demonstrated
        advantage = standing(batch.outcome, batch.group, own)
        share = torch.where(own, len(own) / own.sum(), len(own) / (~own).sum().clamp(min=1))
        return Credit((advantage * share)[batch.trajectory])

    def loss(self, scores: Scores, batch: Batch, credit: Credit) -> Tensor:
        imitated = batch.demonstrated[batch.trajectory]
        tokens = self.token_losses(scores, batch, credit)
        losses = [aggregate(tokens.where(part, 0.0), batch, "sequence-mean") for part in (~imitated, imitated)]
        log_sigma = torch.stack(tuple(self.log_sigmas)).clamp(min=self.floor)
        penalty = log_sigma.sum() * len(batch) / batch.totals.tokens  # once in the whole step
        return ((-2.0 * log_sigma).exp() * torch.stack(losses)).sum() + penalty
