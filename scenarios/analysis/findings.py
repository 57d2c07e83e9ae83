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
from syllogym.scenarios.analysis.pass_at_k import Comparison, Floats, compare
from syllogym.scenarios.analysis.scoring import reply_perplexities, score_again
from syllogym.scenarios.analysis.tries import Tries, try_often
from syllogym.scenarios.member_spec import Member
from syllogym.scenarios.record import Row
from syllogym.scenarios.schema import Scenario

_SCORED_EACH = 8
"""Episodes of each instance that are scored again for perplexities and tokens."""

_NO_BLOCKS = "the chat template knows no <think> blocks; --no-thinking says how a reply without thoughts begins"


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
        fit, no_thinking: None with the reason in `missing` under their names.
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
    trained: Mapping[str, Policy],
    base: tuple[str, Mapping[str, Policy]],
    question: Question,
    tell: Callable[[str], None],
) -> Findings:
    """Sample from trained and base policies and measure everything; of a team, for its first trained role.

    Args:
        title: of the run.
        scenario: the run's.
        steps: metrics of its training steps.
        trained: its policies, by member. base: what the ones to compare with are called, and they.
        question: how much to sample.
        tell: is told what is under way.
    """
    tell("the trained policy tries the held-out instances")
    after = try_often(scenario, trained, question.instances, question.samples)
    tell("the base policy tries them")
    before = try_often(scenario, base[1], question.instances, question.samples)
    tell("replies are scored again")
    name = scenario.bound[scenario.roles[0]]
    batch, entropy, perplexities = _scores(scenario.members[name], trained[name], base[1][name], after, before)
    fit, no_fit = _fit(steps)
    tell("the trained policy answers without thinking")
    prefill = question.no_thinking or closed_thought(trained[name].chat)
    no_thinking = None
    if prefill is not None:
        at_once = try_often(scenario, trained, question.instances, question.samples, prefill)
        no_thinking = compare_thinking(prefill, after, at_once, scenario.seed)
    return Findings(
        title,
        base[0],
        question.instances,
        question.samples,
        2 * question.instances * question.samples - len(after.episodes) - len(before.episodes),
        compare(before.counts, after.counts, _ks(question, before, after), scenario.seed),
        perplexities,
        {"trained": _lengths(after), "base": _lengths(before)},
        forking_tokens(batch, entropy, lambda ids: str(trained[name].tokenizer.decode(list(ids)))),
        fit,
        no_thinking,
        {"fit": no_fit, "no_thinking": "" if no_thinking else _NO_BLOCKS},
    )


def _lengths(tries: Tries) -> Lengths:
    return length_against_reward(tries.tokens, tries.reward, tries.correct)


def _fit(steps: Sequence[Row]) -> tuple[EntropyFit | None, str]:
    """Fit accuracy to entropy over the steps of training, or say why not."""
    known = [row for row in steps if "entropy" in row]
    try:
        return fit_entropy([row["entropy"] for row in known], [row["accuracy"] for row in known]), ""
    except ValueError as error:
        return None, str(error)


def _ks(question: Question, *tries: Tries) -> list[int]:
    """Return 1 and the k asked for (powers of two when none is), as far as every instance was tried so often."""
    every = min(int(some.counts[0].min()) for some in tries)
    if every < 1:
        raise UserError("An instance lost all its tries to faults of the environment: examine it with syllogym check.")
    powers = [2**power for power in range(question.samples.bit_length())]
    return sorted({1, *(k for k in question.ks or (*powers, every) if k <= every)})


def _scores(
    member: Member, trained: Policy, base: Policy, after: Tries, before: Tries
) -> tuple[Batch, Floats, Perplexities]:
    """Score replies of both again; return the trained policy's batch, its entropies (A,), and the perplexities."""
    theirs, own = (Batch.of(tries.first(_SCORED_EACH), member.roles) for tries in (before, after))
    scored = score_again(trained, own, member)
    to_itself = reply_perplexities(scored, own)
    to_base = reply_perplexities(score_again(base, own, member), own)
    usual = reply_perplexities(score_again(base, theirs, member), theirs)
    inside = float(np.mean((to_base >= usual.min()) & (to_base <= usual.max())))
    return own, scored.entropy, Perplexities(_spread(to_itself), _spread(to_base), _spread(usual), inside)


def _spread(values: Floats) -> Perplexity:
    median, low, high = np.quantile(values, [0.5, 0.05, 0.95])
    return Perplexity(float(median), float(low), float(high))
