"""What does an analysis find? Every number of it, measured from a run's files and from fresh tries of two policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from syllogym.agents.policy import Policy
from syllogym.algorithms.core.batch import Batch
from syllogym.errors import UserError
from syllogym.scenarios.analysis.entropy_fit import EntropyFit, fit_entropy
from syllogym.scenarios.analysis.forking_tokens import ForkingTokens, forking_tokens
from syllogym.scenarios.analysis.lengths import Lengths, length_against_reward
from syllogym.scenarios.analysis.no_thinking import NoThinking, closed_thought, compare_thinking
from syllogym.scenarios.analysis.pass_at_k import Comparison, compare
from syllogym.scenarios.analysis.scoring import reply_perplexities, score_again
from syllogym.scenarios.analysis.tries import Tries, try_often
from syllogym.scenarios.record import Row
from syllogym.scenarios.schema import Scenario

_SCORED_EACH = 8
"""Episodes of each instance that are scored again for perplexities and tokens."""


@dataclass(frozen=True)
class Perplexity:
    """Perplexity of replies: median, and the range of all but the 5 % lowest and highest."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Perplexities:
    """How surprising replies are (arXiv 2504.13837): whose, and to whom.

    `inside` is the share of the trained policy's replies that surprise the base no more and no less than its own do.
    """

    trained_to_itself: Perplexity
    trained_to_base: Perplexity
    base_to_itself: Perplexity
    inside: float


@dataclass(frozen=True)
class Findings:
    """Everything that was found.

    Attributes:
        title: of the run. base: what it is compared with.
        instances, samples: held-out instances, and tries of each by each policy. lost: tries lost to faults.
        fit, no_thinking: None with the reason in `missing`, under their names.
    """

    title: str
    base: str
    instances: int
    samples: int
    lost: int
    comparison: Comparison
    perplexities: Perplexities
    lengths: Mapping[str, Lengths]
    forking: ForkingTokens
    fit: EntropyFit | None
    no_thinking: NoThinking | None
    missing: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return all numbers as plain data."""
        plain = asdict(self)
        if self.fit is not None:
            plain["fit"]["ceiling"] = self.fit.ceiling
        return plain


@dataclass(frozen=True)
class Question:
    """What is asked: how many tries of how many instances, which k, and how a reply without thoughts begins."""

    instances: int
    samples: int
    ks: Sequence[int] = ()
    no_thinking: str | None = None


def find(
    title: str,
    scenario: Scenario,
    steps: Sequence[Row],
    trained: Policy,
    base: tuple[str, Policy],
    question: Question,
    tell: Callable[[str], None],
) -> Findings:
    """Sample from both policies and measure everything; `tell` is told what is under way.

    Args:
        title: of the run.
        scenario: the run's.
        steps: metrics of its training steps.
        trained: its policy. base: the one to compare with, and what that is called.
        question: how much to sample.
    """
    tell("the trained policy tries the held-out instances")
    after = try_often(scenario, trained, question.instances, question.samples)
    tell("the base policy tries them")
    before = try_often(scenario, base[1], question.instances, question.samples)
    tell("replies are scored again")
    batch, scored, perplexities = _scores(scenario, trained, base[1], after, before)
    missing: dict[str, str] = {}
    fit = None
    try:
        known = [row for row in steps if "entropy" in row]
        fit = fit_entropy([row["entropy"] for row in known], [row["accuracy"] for row in known])
    except ValueError as error:
        missing["fit"] = str(error)
    prefill = question.no_thinking or closed_thought(trained.chat)
    no_thinking = None
    if prefill is None:
        missing["no_thinking"] = "the chat template knows no <think> blocks; --no-thinking says how a reply then begins"
    else:
        tell("the trained policy answers without thinking")
        ids = trained.chat.encode(prefill)
        at_once = try_often(scenario, trained, question.instances, question.samples, ids)
        no_thinking = compare_thinking(prefill, after, at_once, scenario.seed)
    return Findings(
        title,
        base[0],
        question.instances,
        question.samples,
        2 * question.instances * question.samples - len(after.episodes) - len(before.episodes),
        compare(before.counts, after.counts, _ks(question, before, after), scenario.seed),
        perplexities,
        {
            name: length_against_reward(tries.tokens, tries.reward, tries.correct)
            for name, tries in (("trained", after), ("base", before))
        },
        forking_tokens(batch, scored, lambda ids: str(trained.tokenizer.decode(list(ids)))),
        fit,
        no_thinking,
        missing,
    )


def _ks(question: Question, *tries: Tries) -> list[int]:
    """Return 1 and the k asked for (powers of two when none is), as far as every instance was tried so often."""
    every = min(int(some.counts[0].min()) for some in tries)
    if every < 1:
        raise UserError("An instance lost all its tries to faults of the environment: examine it with syllogym check.")
    powers = [2**power for power in range(question.samples.bit_length())]
    return sorted({1, *(k for k in question.ks or (*powers, every) if k <= every)})


def _scores(
    scenario: Scenario, trained: Policy, base: Policy, after: Tries, before: Tries
) -> tuple[Batch, Any, Perplexities]:
    """Score replies of both again; return the trained policy's batch, its entropies (A,), and the perplexities."""
    theirs, own = (Batch.of(tries.first(_SCORED_EACH), scenario.roles) for tries in (before, after))
    scored = score_again(trained, own, scenario)
    to_base = reply_perplexities(score_again(base, own, scenario), own)
    usual = _spread(of_base := reply_perplexities(score_again(base, theirs, scenario), theirs))
    inside = float(np.mean((to_base >= of_base.min()) & (to_base <= of_base.max())))
    return (
        own,
        scored.entropy,
        Perplexities(_spread(reply_perplexities(scored, own)), _spread(to_base), usual, inside),
    )


def _spread(values: Any) -> Perplexity:
    median, low, high = np.quantile(values, [0.5, 0.05, 0.95])
    return Perplexity(float(median), float(low), float(high))
