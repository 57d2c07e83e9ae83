"""How is a model sampled that our decoder cannot drive? By its own forward pass, all rows in step with the longest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from syllogym.agents.engines.sampling import Sample, Sampling, draw, uniforms


def lockstep(
    model: Any, prompts: Sequence[Sequence[int]], seeds: Sequence[int], sampling: Sequence[Sampling], ends: Tensor
) -> list[Sample]:
    """Sample one reply to each prompt, padding prompts on the left. Works with any causal language model."""
    longest = max(map(len, prompts))
    ids = torch.zeros((len(prompts), longest), dtype=torch.long, device=ends.device)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, longest - len(prompt) :] = torch.tensor(prompt, device=ends.device)
        mask[row, longest - len(prompt) :] = 1
    replies: list[tuple[list[int], list[float]]] = [([], []) for _ in prompts]
    finish = [""] * len(prompts)
    places = (mask.cumsum(-1) - 1).clamp(min=0)
    key = np.array(seeds, np.uint64)
    cache = None
    for count in range(max(setting.max_tokens for setting in sampling)):
        output = model(input_ids=ids, attention_mask=mask, position_ids=places, past_key_values=cache, use_cache=True)
        cache = output.past_key_values
        uniform = torch.from_numpy(uniforms(key, np.full(len(prompts), count, np.uint64))).to(ids.device)
        token, logprob = draw(output.logits[:, -1], sampling, uniform)
        ended = torch.isin(token, ends).tolist()
        for row, (new_id, new_logprob) in enumerate(zip(token.tolist(), logprob.tolist(), strict=True)):
            if finish[row]:
                continue
            replies[row][0].append(new_id)
            replies[row][1].append(new_logprob)
            finish[row] = "stop" if ended[row] else "length" if count + 1 == sampling[row].max_tokens else ""
        if all(finish):
            break
        ids, places = token[:, None], places[:, -1:] + 1
        mask = torch.cat([mask, torch.ones_like(mask[:, :1])], dim=1)
    return [Sample(ids, logprobs, why) for (ids, logprobs), why in zip(replies, finish, strict=True)]
