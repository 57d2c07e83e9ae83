"""What are the thoughts worth? The policy forced to answer at once, at the same number of tokens (arXiv 2504.09858)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from syllogym.agents.chat import ChatFormat
from syllogym.scenarios.analysis.pass_at_k import Curve, curve, pass_at_k
from syllogym.scenarios.analysis.tries import Tries

_CLOSED = "<think>\n\n</think>\n\n"


@dataclass(frozen=True)
class NoThinking:
    """The trained policy as it is, against itself with every reply begun by `prefill`.

    Attributes:
        thinking, answering: pass@1 with its band, without and with the prefill; lists of one number.
        tokens_thinking, tokens_answering: mean sampled tokens of an episode.
        budget: how many tries at once cost no more tokens than one with thoughts; at most the number of samples.
        at_budget: pass@budget of answering at once: what the tokens of one thought buy instead.
    """

    prefill: str
    thinking: Curve
    answering: Curve
    tokens_thinking: float
    tokens_answering: float
    budget: int
    at_budget: Curve


def closed_thought(chat: ChatFormat) -> str | None:
    """Return the text that ends thinking before it begins; None when the chat template knows no think blocks."""
    # A template that writes an empty block where it is asked to, and nothing else, is of a model that never thinks.
    if "<think>" not in str(chat.tokenizer.chat_template or "").replace("<think></think>", ""):
        return None
    asked = chat.tokenizer.decode(chat.first([{"role": "user", "content": "?"}]))
    # Some templates open the block themselves; it must not be opened twice.
    return _CLOSED.removeprefix("<think>") if asked.rstrip().endswith("<think>") else _CLOSED


def compare_thinking(prefill: str, thinking: Tries, answering: Tries, seed: int = 0) -> NoThinking:
    """Compare tries of one policy on the same instances, at one try each and at equal tokens."""
    with_thoughts, at_once = (float(tries.tokens.mean()) for tries in (thinking, answering))
    budget = int(np.clip(with_thoughts / at_once, 1, answering.counts[0].min()))

    def at(tries: Tries, k: int) -> Curve:
        return curve(pass_at_k(*tries.counts, [k]), np.random.default_rng(seed))

    return NoThinking(prefill, at(thinking, 1), at(answering, 1), with_thoughts, at_once, budget, at(answering, budget))
