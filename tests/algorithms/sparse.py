"""On what task is a reward so rare that a group method never sees one? Strings of which every symbol must be right.

The policy is a table of logits, so that hundreds of steps take seconds: 16 tasks, 6 tokens of 8 symbols each.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from syllogym.agents.policy import Scores
from syllogym.algorithms.core.base import Algorithm
from syllogym.algorithms.core.batch import Batch
from tests.algorithms.flat import batch_of

_TASKS, _LENGTH, _SYMBOLS, _GROUP = 16, 6, 8, 8
_TEACHER = 0.9
"""Chance that the teacher gives a token right."""


def success_after(algorithm: Algorithm, steps: int = 200, seed: int = 0) -> float:
    """Return the chance of a wholly right string, over all tasks, after some steps of Adam."""
    chance = torch.Generator().manual_seed(seed)
    target = torch.randint(_SYMBOLS, (_TASKS, _LENGTH), generator=chance)
    logits = nn.Parameter(torch.zeros(_TASKS, _LENGTH, _SYMBOLS, dtype=torch.float64))
    rule = torch.optim.Adam([logits], lr=0.1)
    for _ in range(steps):
        batch, said = _played(algorithm, logits.detach(), target, chance)
        credit = algorithm.advantages(batch)
        if credit.keep is not None:
            batch, credit, said = batch.counting(credit.keep).at(credit.keep), credit.at(credit.keep), said[credit.keep]
        scores = Scores(_of(logits, batch, said), torch.zeros(len(batch)))
        batch.proximal = scores.logprobs.detach()
        rule.zero_grad()
        algorithm.loss(scores, batch, credit).backward()
        rule.step()
    right = logits.detach().softmax(-1).gather(-1, target[..., None])[..., 0]
    return float(right.prod(-1).mean())


def _played(algorithm: Algorithm, logits: Tensor, target: Tensor, chance: torch.Generator) -> tuple[Batch, Tensor]:
    """Return a rollout and the symbols said in it, (A,): a group on each task, and demonstrations where wanted."""
    group = _GROUP + algorithm.needs_demonstrations
    drawn = torch.multinomial(logits.softmax(-1).flatten(0, 1), _GROUP, replacement=True, generator=chance)
    said = drawn.view(_TASKS, _LENGTH, _GROUP).transpose(1, 2)
    if algorithm.needs_demonstrations:
        said = torch.cat([said, target[:, None]], dim=1)
    right = said == target[:, None]
    paid = torch.zeros(said.shape)
    paid[..., -1] = right.all(-1).float()
    batch = batch_of(torch.ones(_TASKS * group, _LENGTH).tolist(), reward=paid.flatten(0, 1).tolist())
    batch.group = torch.arange(_TASKS).repeat_interleave(group)
    batch.demonstrated = (torch.arange(_TASKS * group) % group) == _GROUP
    if algorithm.needs_teacher:
        likely = torch.where(right, _TEACHER, (1 - _TEACHER) / (_SYMBOLS - 1))
        batch.teacher = likely.flatten().double().log()
    return batch, said.flatten()


def _of(logits: Tensor, batch: Batch, said: Tensor) -> Tensor:
    return logits.log_softmax(-1)[batch.group[batch.trajectory], batch.position - 1, said]
