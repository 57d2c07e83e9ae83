"""How do weights change? Micro-batches, backward, clipping, one optimiser step. It knows nothing of the method."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from syllogym.agents.policy import Policy, Scores
from syllogym.algorithms.core.base import Algorithm, Credit
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.core.coefficients import Schedule, fade
from syllogym.algorithms.core.natural_gradient import natural_step
from syllogym.algorithms.core.returns import explained_variance
from syllogym.algorithms.core.update_rules import Rule, update_rules
from syllogym.algorithms.core.watch import Watch


class Diverged(RuntimeError):
    """The loss or its gradient is not a finite number. The weights are as they were before this step.

    Attributes:
        learnt: what the step was to learn from, as plain data.
    """

    def __init__(self, sentence: str, learnt: Mapping[str, Any]) -> None:
        super().__init__(sentence)
        self.learnt = dict(learnt)


@dataclass(kw_only=True)
class Optimiser:
    """Settings of the update rule. A method with a trust region has a rule of its own, and takes only
    `micro_batch_tokens` from here.

    Attributes:
        rule: ``adamw``, ``sgd``, or ``muon`` for hidden matrices, with AdamW for the rest.
        lr: peak learning rate. Near 1e-3 suits a model of 0.2M parameters, 1e-6 one of billions.
        schedule: what happens after the warm-up: ``constant``, or ``linear`` / ``cosine`` decay to 0 at the last step.
        warmup: optimiser steps in which the rate rises to its peak.
        betas: of AdamW. momentum: of SGD and Muon. weight_decay: of every rule.
        clip_norm: gradients are scaled down to this norm.
        micro_batch_tokens: padded tokens in one forward pass; bounds memory and changes no number but rounding.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    rule: Rule = "adamw"
    lr: float = 1e-3
    schedule: Schedule = "constant"
    warmup: int = 0
    betas: tuple[float, float] = (0.9, 0.95)
    momentum: float = 0.95
    weight_decay: float = 0.0
    clip_norm: float = 1.0
    micro_batch_tokens: int = 16_384

    def rate(self, step: int, steps: int) -> float:
        """Return the factor on `lr` for optimiser step 0, 1, ... of `steps`."""
        if step < self.warmup:
            return (step + 1) / self.warmup
        return fade(min(1.0, (step - self.warmup) / max(1, steps - self.warmup)), self.schedule)


class Learner:
    """Lowers an algorithm's loss on batches of a policy's tokens.

    Args:
        policy: trained in place.
        algorithm: gives credit and loss.
        optimiser: settings of the update rule.
        steps: optimiser steps in the whole run, for the schedule.
        temperature: at which tokens are sampled, and so scored.
    """

    def __init__(
        self, policy: Policy, algorithm: Algorithm, optimiser: Optimiser, *, steps: int, temperature: float = 1.0
    ) -> None:
        self.policy = policy
        self.algorithm = algorithm
        self.settings = optimiser
        self.temperature = temperature
        self.rules = update_rules(
            optimiser.rule,
            policy,
            algorithm.parameters(),
            lr=optimiser.lr,
            betas=optimiser.betas,
            momentum=optimiser.momentum,
            weight_decay=optimiser.weight_decay,
        )
        self.schedules = [LambdaLR(rule, lambda step: optimiser.rate(step, steps)) for rule in self.rules]

    def prepare(self, batch: Batch, reference: Policy | None = None, teacher: Policy | None = None) -> Credit:
        """Fill in the log-probs and values that do not change while this rollout is learnt from; give credit.

        With one update on each rollout the proximal log-probs are those of the update itself, so they are not computed
        twice unless the credit needs them.
        """
        wanted = self.algorithm
        if reference is not None:
            batch.reference = self._collect(reference, batch).logprobs
        if teacher is not None:
            batch.teacher = self._collect(teacher, batch).logprobs
        if wanted.updates > 1 or wanted.needs_critic or wanted.needs_proximal or reference is not None:
            scores = self._collect(self.policy, batch)
            batch.proximal, batch.entropy, batch.values = scores.logprobs, scores.entropy, scores.values
        credit = wanted.advantages(batch)
        wanted.steer(batch)
        return credit

    def update(self, batch: Batch, credit: Credit) -> dict[str, float]:
        """Take one optimiser step on a batch; return what a researcher watches.

        Raises:
            Diverged: the loss or the gradient is not finite; no weight has changed.
        """
        weights = [*self.policy.parameters(), *self.algorithm.parameters()]
        for weight in weights:
            weight.grad = None
        if credit.keep is not None:
            batch = batch.counting(credit.keep)
        parts = batch.micro_batches(self.settings.micro_batch_tokens)
        if self.algorithm.needs_current and len(parts) > 1:
            now = self._collect(self.policy, batch).logprobs
            known = batch if batch.proximal is not None else replace(batch, proximal=now)
            credit = self.algorithm.refine(now, known, credit)
        watch = Watch(self.algorithm.clip_range, self.algorithm.correction.ceiling)
        loss = sum(self._backward(part, credit.at(index), watch, whole=len(parts) == 1) for part, index in parts)
        norm = float(torch.nn.utils.clip_grad_norm_(weights, self.settings.clip_norm))
        for what, number in (("loss", loss), ("gradient's norm", norm)):
            if not math.isfinite(number):
                learnt = {"batch": batch.state_dict(), "credit": credit._asdict()}
                raise Diverged(f"The {what} is {number}. Lower optimiser.lr, or raise optimiser.warmup.", learnt)
        report: dict[str, float] = {"loss": loss, "grad_norm": norm, **watch.report(), **self._step(batch, credit)}
        self.policy.version += 1
        if batch.values is not None and credit.target is not None:
            report["explained_variance"] = explained_variance(batch.values, credit.target)
        return report

    def _backward(self, part: Batch, credit: Credit, watch: Watch, *, whole: bool) -> float:
        """Add a micro-batch's gradient to the weights'; return its share of the loss. `whole`: no other follows."""
        scores = self._score(self.policy, part)
        now = scores.logprobs.detach()
        if part.proximal is None:
            part.proximal = now
        if whole:
            credit = self.algorithm.refine(now, part, credit)
        loss, weight = self._loss(scores, part, credit)
        loss.backward()
        watch.see(scores, part, credit.advantage, self.algorithm.ratio(now, part), weight)
        return loss.item()

    def _loss(self, scores: Scores, part: Batch, credit: Credit) -> tuple[Tensor, Tensor]:
        """Return a micro-batch's share of the loss, and the weights its tokens have in it."""
        weight = self.algorithm.correction.weights(scores.logprobs.detach(), part, credit.advantage)
        # Every surrogate is proportional to the advantage; the critic's loss and a KL term are not to be weighted.
        weighted = credit._replace(advantage=credit.advantage * weight)
        return self.algorithm.loss(*_kept(scores, part, weighted)), weight

    def _step(self, batch: Batch, credit: Credit) -> dict[str, float]:
        """Change the weights by their gradients, as the method's trust region or the update rule says."""
        region = self.algorithm.trust_region
        if region is not None:  # the critic's weights have no part in the policy's KL
            return natural_step(list(self.policy.model.parameters()), partial(self._look, batch, credit), region)
        rate = self.schedules[0].get_last_lr()[0]
        for rule, schedule in zip(self.rules, self.schedules, strict=True):
            rule.step()
            schedule.step()
        return {"lr": float(rate)}

    def _look(self, batch: Batch, credit: Credit) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield each micro-batch's loss and distributions under the present weights."""
        for part, index in batch.micro_batches(self.settings.micro_batch_tokens):
            scores = self._score(self.policy, part)
            assert scores.distribution is not None
            yield self._loss(scores, part, credit.at(index))[0], scores.distribution

    def state_dict(self) -> dict[str, Any]:
        """Return the state of the update rules and their schedules."""
        return {name: [part.state_dict() for part in getattr(self, name)] for name in ("rules", "schedules")}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        for name in ("rules", "schedules"):
            for part, saved in zip(getattr(self, name), state[name], strict=True):
                part.load_state_dict(saved)

    def _score(self, policy: Policy, part: Batch) -> Scores:
        policy.eval()  # dropout would make every ratio of two log-probs noisy
        scores = policy.score(part.sequences, part.sequence, part.position, temperature=self.temperature)
        values = None if scores.values is None else scores.values.cpu()
        return Scores(scores.logprobs.cpu(), scores.entropy.cpu(), values, scores.distribution)

    @torch.no_grad()
    def _collect(self, policy: Policy, batch: Batch) -> Scores:
        """Score a whole batch, micro-batch by micro-batch."""
        whole = Scores(torch.zeros(len(batch)), torch.zeros(len(batch)))
        if policy.critic is not None:
            whole.values = torch.zeros(len(batch))
        for part, index in batch.micro_batches(self.settings.micro_batch_tokens):
            scores = self._score(policy, part)
            whole.logprobs[index], whole.entropy[index] = scores.logprobs, scores.entropy
            if whole.values is not None and scores.values is not None:
                whole.values[index] = scores.values
        return whole


def _kept(scores: Scores, part: Batch, credit: Credit) -> tuple[Scores, Batch, Credit]:
    """Leave the tokens out that the loss is not to see."""
    if credit.keep is None:
        return scores, part, credit
    index = credit.keep.nonzero()[:, 0]
    columns = (scores.logprobs, scores.entropy, scores.values, scores.distribution)
    left = (None if column is None else column[index.to(column.device)] for column in columns)
    return Scores(*left), part.at(index), credit.at(index)  # type: ignore[arg-type]
