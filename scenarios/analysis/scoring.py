"""How likely, and how open, was every sampled token under a policy? Episodes scored again; perplexity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from syllogym.agents.policy import Policy
from syllogym.algorithms.core.batch import Batch
from syllogym.scenarios.analysis.pass_at_k import Floats
from syllogym.scenarios.member_spec import Member


@dataclass(frozen=True)
class Scored:
    """What a policy says of the A sampled tokens of a batch: (A,) log-probs and entropies of the draws, in nats."""

    logprobs: Floats
    entropy: Floats


@torch.no_grad()
def score_again(policy: Policy, batch: Batch, member: Member) -> Scored:
    """Score the tokens of a batch with a policy, at the temperature they were sampled at."""
    policy.eval()
    columns = torch.zeros(2, len(batch))
    for part, index in batch.micro_batches(member.optimiser.micro_batch_tokens):
        temperature = member.sampling.temperature
        scores = policy.score(part.sequences, part.sequence, part.position, temperature=temperature)
        columns[0, index], columns[1, index] = scores.logprobs.cpu(), scores.entropy.cpu()
    logprobs, entropy = columns.double().numpy()
    return Scored(logprobs, entropy)


def perplexity(logprobs: Floats | Sequence[float]) -> float:
    """Return exp of the mean negative log-prob: between how many equally likely tokens the choice was, on average."""
    return float(np.exp(-np.mean(logprobs)))


def reply_perplexities(scored: Scored, batch: Batch) -> Floats:
    """Return the perplexity of each trajectory's tokens, (M,)."""
    of = batch.trajectory.numpy()
    return np.exp(-np.bincount(of, scored.logprobs) / np.bincount(of))
