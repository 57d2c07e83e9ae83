"""Which token comes next? One vectorised draw for all rows, each with a seed and settings of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from syllogym.errors import UserError

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True)
class Sampling:
    """How replies are sampled.

    Attributes:
        max_tokens: longest reply.
        temperature: divides the logits; 0 takes the likeliest token.
        top_k, top_p, min_p: keep only likely tokens (0, 1, 0 keep all). Not for training: the log-probs are those of
            the kept tokens, while the learner's are those of the whole vocabulary.
        stop: texts that end a reply. The ids and log-probs that completed one stay, as an end token's do; the text that
            is heard ends before it.
        stop_ids: tokens that end a reply besides the model's own end tokens; they stay, too.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    max_tokens: int = 64
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    stop: tuple[str, ...] = ()
    stop_ids: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        for name, fine in (
            ("max_tokens", self.max_tokens >= 1),
            ("temperature", self.temperature >= 0),
            ("top_k", self.top_k >= 0),
            ("top_p", 0 < self.top_p <= 1),
            ("min_p", 0 <= self.min_p < 1),
            ("stop", isinstance(self.stop, tuple) and all(isinstance(text, str) and text for text in self.stop)),
            ("stop_ids", isinstance(self.stop_ids, tuple) and all(token >= 0 for token in self.stop_ids)),
        ):
            if not fine:
                raise UserError(f"sampling.{name} cannot be {getattr(self, name)!r}.")

    @property
    def truncates(self) -> bool:
        """Whether unlikely tokens are left out."""
        return self.top_k > 0 or self.top_p < 1 or self.min_p > 0


class Sample(NamedTuple):
    """A sampled reply: its ids, their log-probs (nats), why it ended (``stop`` or ``length``), by which weights.

    `version` is that of the weights that sampled the first token; where newer ones took over inside the reply,
    `switches` has (place, version): from that token on, these sampled.
    """

    ids: list[int]
    logprobs: list[float]
    finish: str
    version: int = 0
    switches: tuple[tuple[int, int], ...] = ()


def uniforms(seeds: NDArray[np.uint64], count: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return for each row the number in [0, 1) that its seed gives to its `count`-th token (SplitMix64).

    A row's numbers depend on nothing else, so a reply does not depend on what is sampled beside it.
    """
    with np.errstate(over="ignore"):
        z = seeds + (count + np.uint64(1)) * _STEP
        z = (z ^ (z >> np.uint64(30))) * _MIX[0]
        z = (z ^ (z >> np.uint64(27))) * _MIX[1]
    bits: NDArray[np.uint64] = (z ^ (z >> np.uint64(31))) >> np.uint64(11)
    return bits.astype(np.float64) * np.float64(2.0**-53)


class Rules:
    """The settings of several rows, as `draw` needs them. They are worth keeping while the rows are the same.

    Args:
        settings: of each row.
        device: of the logits.
    """

    def __init__(self, settings: Sequence[Sampling], device: torch.device) -> None:
        def column(name: str, wanted: bool) -> Tensor | None:
            values = [getattr(setting, name) for setting in settings]
            return torch.tensor(values, device=device)[:, None] if wanted else None

        truncated = any(setting.truncates for setting in settings)
        self.temperature = column("temperature", any(setting.temperature != 1 for setting in settings))
        self.top_k, self.top_p, self.min_p = (column(name, truncated) for name in ("top_k", "top_p", "min_p"))
        greedy = any(setting.temperature == 0 for setting in settings)
        self.greedy = self.temperature == 0 if self.temperature is not None and greedy else None

    def logprobs(self, logits: Tensor) -> Tensor:
        """Return log-probs (n, V) under each row's temperature, top-k, top-p and min-p; left-out tokens are -inf."""
        logits = logits.float()
        if self.temperature is not None:
            logits = logits / torch.where(self.temperature > 0, self.temperature, 1.0)
        logprobs = logits.log_softmax(-1)
        if self.top_k is None or self.top_p is None or self.min_p is None:
            return logprobs
        ranked, order = logprobs.sort(-1, descending=True)
        probs = ranked.exp()
        rank = torch.arange(logits.shape[-1], device=logits.device)[None]
        drop = (self.top_k > 0) & (rank >= self.top_k)
        drop |= probs.cumsum(-1) - probs >= self.top_p
        drop |= probs < self.min_p * probs[:, :1]
        drop[:, 0] = False
        return logprobs.masked_fill(drop.gather(-1, order.argsort(-1)), -torch.inf).log_softmax(-1)


def draw(logits: Tensor, rules: Rules, uniform: Tensor) -> tuple[Tensor, Tensor]:
    """Draw a token for each row by inverting its cumulative distribution.

    Args:
        logits: (n, V).
        rules: of the rows.
        uniform: (n,) in [0, 1), float64.

    Returns:
        Tokens (n,) and their log-probs (n,), under the temperature.
    """
    logprobs = rules.logprobs(logits)
    cumulative = logprobs.exp().cumsum(-1, dtype=torch.float64)
    token = torch.searchsorted(cumulative, (uniform * cumulative[:, -1])[:, None], right=True)
    token = token.clamp_(max=logits.shape[-1] - 1)
    if rules.greedy is not None:
        token = torch.where(rules.greedy, logits.argmax(-1, keepdim=True), token)
    return token[:, 0], logprobs.gather(-1, token)[:, 0]
