"""Do our methods give the values and gradients that TRL's and verl's own functions give?

    python -m benchmarks.agreement

Random ragged batches with observations between the sampled tokens, in double precision. Each line compares one loss,
and its gradient with respect to the log-probs (or values), with a peer's function; a peer that is missing is named with
the line that installs it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from benchmarks.agreement_peers import trl_loss, verl_functions
from benchmarks.measure import NotInstalled
from syllogym import algorithms
from syllogym.agents.policy import Scores
from syllogym.algorithms.core.batch import Batch, Totals
from syllogym.algorithms.core.kl import kl_estimate
from syllogym.algorithms.core.losses import value_loss

ROWS, COLUMNS, GROUP = 24, 13, 4
LIMIT = 1e-6


@dataclass
class Padded:
    """A rollout as peers hold it, (N, T) arrays in double precision.

    Attributes:
        mask: 1 for sampled tokens, 0 for observations and padding.
        logp: with gradient. old, reference: without.
        reward: paid at the last sampled token. values: with gradient; old_values: without.
    """

    mask: Tensor
    logp: Tensor
    old: Tensor
    reference: Tensor
    reward: Tensor
    values: Tensor
    old_values: Tensor

    @property
    def group(self) -> Tensor:
        """(N,) which prompt each row answers."""
        return torch.arange(ROWS) // GROUP

    def batch(self) -> Batch:
        """Return the same rollout as our methods see it: action tokens only."""
        row, place = self.mask.nonzero(as_tuple=True)
        flat = self.mask.bool()
        never = torch.zeros(ROWS, dtype=torch.bool)
        return Batch(
            sequences=[torch.arange(COLUMNS + 1) for _ in range(ROWS)],
            sequence=row,
            position=place + 1,
            trajectory=row,
            last=self.reward[flat] != 0,
            reward=self.reward[flat],
            engine=self.old[flat],
            version=torch.zeros_like(row),
            outcome=self.reward.sum(1),
            group=self.group,
            correct=torch.full((ROWS,), torch.nan, dtype=torch.float64),
            cut=never,
            truncated=never,
            role=torch.zeros(ROWS, dtype=torch.long),
            roles=["agent"],
            demonstrated=never,
            proximal=self.old[flat],
            reference=self.reference[flat],
            values=self.old_values[flat],
            totals=Totals(len(row), ROWS),
        )

    def scores(self) -> Scores:
        """Return the current policy's word on the action tokens."""
        flat = self.mask.bool()
        return Scores(self.logp[flat], torch.zeros(int(flat.sum())), self.values[flat])


def padded(seed: int, spread: float) -> Padded:
    """Return a random rollout; `spread` says how far the current policy is from the one that sampled."""
    chance = torch.Generator().manual_seed(seed)
    draw = lambda: torch.randn(ROWS, COLUMNS, generator=chance, dtype=torch.float64)  # noqa: E731
    length = torch.randint(3, COLUMNS + 1, (ROWS, 1), generator=chance)
    place = torch.arange(COLUMNS)
    mask = ((place < length) & ((place % 5 != 3) | (place == 0))).double()
    last = (mask * (place + 1)).argmax(1)
    reward = torch.zeros(ROWS, COLUMNS, dtype=torch.float64)
    reward[torch.arange(ROWS), last] = 0.1 + torch.rand(ROWS, generator=chance, dtype=torch.float64)
    old = -1.0 - 0.5 * draw().abs()
    logp = (old + spread * draw()).requires_grad_()
    values = (0.3 * draw()).requires_grad_()
    return Padded(mask, logp, old, old + 0.2 * draw(), reward, values, values.detach() + 0.3 * draw())


Loss = Callable[[Padded], Tensor]


def ours(name: str, **settings: Any) -> Loss:
    """Return one of our methods as a function of a rollout."""

    def loss(rollout: Padded) -> Tensor:
        method, batch = algorithms.get(name)(**settings), rollout.batch()
        return method.loss(rollout.scores(), batch, method.advantages(batch))

    return loss


def kl(estimator: Any) -> Loss:
    """Return the mean of a KL estimator of ours."""
    return lambda r: kl_estimate(r.logp[r.mask.bool()], r.reference[r.mask.bool()], estimator).mean()


def critic(rollout: Padded) -> Tensor:
    """Return our clipped value loss, averaged by token, against the rewards as targets."""
    flat = rollout.mask.bool()
    target = rollout.reward[flat]
    return value_loss(rollout.values[flat], rollout.old_values[flat], target, 0.2).mean()


def cases() -> Iterator[tuple[str, str, Loss, Loss]]:
    """Yield what is compared: a name, the peer, our loss and theirs."""
    grpo, symmetric = {"kl": 0.0}, {"clip": 0.2}
    for name, loss_type, settings, theirs in (
        ("grpo", "grpo", grpo, {"scale": True}),
        ("dr_grpo", "dr_grpo", {"max_length": COLUMNS}, {"scale": False}),
        ("dapo", "dapo", {"dynamic_sampling": False}, {"scale": True, "epsilon_high": 0.28}),
        ("gspo", "grpo", {}, {"scale": True, "epsilon": 3e-4, "epsilon_high": 4e-4, "level": "sequence"}),
        ("cispo", "cispo", {}, {"scale": True, "epsilon_high": 1.28}),
    ):
        yield name, "TRL", ours(name, **settings), trl_loss(loss_type, **theirs)
    verl = verl_functions()
    yield "ppo, critic apart", "verl", ours("ppo", value_weight=0.0, **symmetric), verl.policy("vanilla", "gae")
    yield "grpo", "verl", ours("grpo", **grpo), verl.policy("vanilla", "grpo", how="seq-mean-token-mean")
    yield "rloo", "verl", ours("rloo"), verl.reinforce("rloo", how="seq-mean-token-sum")
    yield "reinforce_pp", "verl", ours("reinforce_pp"), verl.policy("vanilla", "reinforce_plus_plus")
    baseline = "reinforce_plus_plus_baseline"
    yield "reinforce_pp_baseline", "verl", ours("reinforce_pp_baseline", kl=0.0), verl.policy("vanilla", baseline)
    yield "gspo", "verl", ours("gspo"), verl.policy("gspo", "grpo", how="seq-mean-token-mean", low=3e-4, high=4e-4)
    yield "cispo", "verl", ours("cispo"), verl.policy("cispo", "grpo", low=1.0, high=0.28)
    yield "kl_cov", "verl", ours("kl_cov", ratio=0.1, penalty=1.0), verl.policy("kl_cov", "grpo", kl_cov_ratio=0.1)
    for estimator in ("k1", "k2", "k3"):
        yield f"KL {estimator}", "verl", kl(estimator), verl.kl(estimator)
    yield "clipped value loss", "verl", critic, verl.value_loss


def compare(mine: Loss, theirs: Loss) -> tuple[float, float]:
    """Return the largest difference of values and of gradients over several rollouts."""
    value = gradient = 0.0
    for seed in range(8):
        spread = (0.0, 0.05, 0.2, 0.5)[seed % 4]
        found = []
        for loss in (mine, theirs):
            rollout = padded(seed, spread)
            result = loss(rollout)
            leaves = (rollout.logp, rollout.values)
            grads = torch.autograd.grad(result, leaves, allow_unused=True)
            zero = torch.zeros(ROWS, COLUMNS, dtype=torch.float64)
            found.append((float(result), torch.stack([zero if g is None else g for g in grads])))
        (a, ga), (b, gb) = found
        value, gradient = max(value, abs(a - b)), max(gradient, float((ga - gb).abs().max()))
    return value, gradient


def main() -> None:
    table = Table("loss", "peer", "largest difference", "of gradients", "agrees")
    differ = 0
    try:
        for name, peer, mine, theirs in cases():
            value, gradient = compare(mine, theirs)
            agrees = max(value, gradient) <= LIMIT
            differ += not agrees
            table.add_row(name, peer, f"{value:.1e}", f"{gradient:.1e}", "yes" if agrees else "NO")
    except NotInstalled as absent:
        Console().print(str(absent), highlight=False, markup=False)
    Console().print(table)
    sys.exit(bool(differ))


if __name__ == "__main__":
    main()
