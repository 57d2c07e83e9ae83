"""How is a model sampled that our decoder cannot drive? By its own forward pass, all rows in step with the longest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from syllogym.agents.engines.pending import Pending
from syllogym.agents.engines.sampling import Rules, draw, uniforms


def lockstep(model: Any, pending: Sequence[Pending]) -> None:
    """Sample a reply to each prompt, padding prompts on the left. Works with any causal language model."""
    device = model.device
    longest = max(len(reply.prompt) for reply in pending)
    ids = torch.zeros((len(pending), longest), dtype=torch.long, device=device)
    mask = torch.zeros_like(ids)
    for row, reply in enumerate(pending):
        ids[row, longest - len(reply.prompt) :] = torch.tensor(reply.prompt, device=device)
        mask[row, longest - len(reply.prompt) :] = 1
    places = (mask.cumsum(-1) - 1).clamp(min=0)
    seeds = np.array([reply.seed for reply in pending], np.uint64)
    rules = Rules([reply.sampling for reply in pending], device)
    cache = None
    while any(not reply.finish for reply in pending):
        output = model(input_ids=ids, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True)
        cache = output.past_key_values
        count = np.full(len(pending), mask.shape[1] - longest, np.uint64)
        token, logprob = draw(output.logits[:, -1], rules, torch.from_numpy(uniforms(seeds, count)).to(device))
        for reply, new_id, new_logprob in zip(pending, token.tolist(), logprob.tolist(), strict=True):
            if not reply.finish:
                reply.add(new_id, new_logprob)
        ids, places = token[:, None], places[:, -1:] + 1
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], dim=1)
