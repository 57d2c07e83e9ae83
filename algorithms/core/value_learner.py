"""How do values change? After every move in a table, by optimiser steps on remembered moves in a network."""

from __future__ import annotations

import copy
from dataclasses import astuple
from typing import Any

import torch
from torch import Tensor, nn

from syllogym.agents.action_values import Transition
from syllogym.agents.value_network import ValueNetwork
from syllogym.agents.value_table import ValueTable
from syllogym.algorithms.core.coefficients import fade
from syllogym.algorithms.core.learner import Diverged, Optimiser
from syllogym.algorithms.core.q_targets import padded
from syllogym.algorithms.core.replay import Replay
from syllogym.algorithms.core.value_method import NetworkMethod, TableMethod, ValueMethod
from syllogym.envs.chance import Dice, key_of, mix


class ValueLearner:
    """Is told of every move, and reports what a researcher watches.

    Attributes:
        epsilon: present chance of a reply drawn from all on offer.
        updates: how often values have changed.
    """

    def __init__(self, method: ValueMethod) -> None:
        self.exploration = method.exploration
        self.updates = 0
        self.begin(0.0)
        self._sums: dict[str, float] = {}
        self._count = 0

    def begin(self, done: float) -> None:
        """Adapt to the share of the run that is over."""
        self.done = done
        self.epsilon = self.exploration(done)

    def learn(self, transition: Transition) -> None:
        """Take in what came of a move."""
        raise NotImplementedError

    def report(self) -> dict[str, float]:
        """Return means since the last report: `td_error` (absolute) and `q_mean` of the values that changed."""
        means = {name: total / self._count for name, total in self._sums.items()}
        self._sums, self._count = {}, 0
        return {"epsilon": self.epsilon, "updates": float(self.updates), **means}

    def state_dict(self) -> dict[str, Any]:
        """Return what is not part of the values themselves, for a checkpoint."""
        return {"updates": self.updates, "done": self.done, "sums": self._sums, "count": self._count}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        self.updates, self._sums, self._count = state["updates"], dict(state["sums"]), state["count"]
        self.begin(state["done"])

    def _note(self, **numbers: float) -> None:
        self.updates += 1
        self._count += 1
        for name, value in numbers.items():
            self._sums[name] = self._sums.get(name, 0.0) + value


class TableLearner(ValueLearner):
    """Moves one value of a table after every move."""

    def __init__(self, method: TableMethod, table: ValueTable) -> None:
        super().__init__(method)
        self.method = method
        self.table = table

    def learn(self, transition: Transition) -> None:
        """Move Q(s, a) by alpha times the error."""
        (value,) = self.table.of(transition.state, [transition.action])
        error = self.method.target(self.table, transition, self.epsilon) - value
        self.table.move(transition.state, transition.action, self.method.alpha * error)
        self._note(td_error=abs(error), q_mean=value)


class NetworkLearner(ValueLearner):
    """Keeps moves in a replay buffer and takes an optimiser step on some of them now and then.

    Args:
        method: gives target and loss.
        network: trained in place.
        optimiser: settings of the update rule; its schedule runs over the run, its warm-up counts optimiser steps.
        seed: of the draws from the buffer.
    """

    _parts = ("follower", "optimiser", "replay")

    def __init__(self, method: NetworkMethod, network: ValueNetwork, optimiser: Optimiser, seed: int) -> None:
        super().__init__(method)
        self.method = method
        self.network = network
        self.follower = copy.deepcopy(network).requires_grad_(False)
        self.replay = Replay(method.replay)
        self.settings = optimiser
        self.optimiser = torch.optim.AdamW(
            network.parameters(),
            lr=optimiser.lr,
            betas=optimiser.betas,
            weight_decay=optimiser.weight_decay,
            fused=True,
        )
        self.key = mix(key_of(f"{seed}/replay"))

    def learn(self, transition: Transition) -> None:
        """Remember the move; take an optimiser step when it is time for one."""
        self.replay.add(transition)
        if self.replay.seen >= self.method.begin and self.replay.seen % self.method.every == 0:
            dice = Dice()
            dice.restart(self.key, self.updates)
            self.update(self.replay.draw(self.method.batch, dice))

    def update(self, batch: list[Transition]) -> None:
        """Take one optimiser step.

        Raises:
            Diverged: the loss is not a finite number; no weight has changed.
        """
        following = [(one.next_state, one.next_choices) for one in batch]
        with torch.no_grad():
            judged, own = (self._values(network, following) for network in (self.follower, self.network))
        reward = torch.tensor([one.reward for one in batch])
        target = self.method.target(reward, judged, own)
        offers = [(one.state, one.choices if self.method.conservative else (one.action,)) for one in batch]
        values = self._values(self.network, offers)
        taken = torch.tensor([choices.index(one.action) for one, (_, choices) in zip(batch, offers, strict=True)])
        loss = self.method.loss(values, taken, target)
        if not torch.isfinite(loss):
            advice = "Lower optimiser.lr, or copy to the target network less often."
            raise Diverged(f"The loss is {loss.item()}. {advice}", {"transitions": [astuple(one) for one in batch]})
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        norm = float(nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.clip_norm))
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.lr * self._rate()
        self.optimiser.step()
        said = values.detach().gather(-1, taken[:, None])[:, 0]
        error = float((said - target).abs().mean())
        self._note(td_error=error, q_mean=float(said.mean()), loss=loss.item(), grad_norm=norm)
        if self.updates % self.method.copy_every == 0:
            for kept, new in zip(self.follower.parameters(), self.network.parameters(), strict=True):
                kept.lerp_(new.detach(), self.method.tau)

    def state_dict(self) -> dict[str, Any]:
        """Return target network, optimiser and replay buffer."""
        own = {name: getattr(self, name).state_dict() for name in self._parts}
        return {**super().state_dict(), **own}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up what `state_dict` returned."""
        super().load_state_dict(state)
        for name in self._parts:
            getattr(self, name).load_state_dict(state[name])

    def _rate(self) -> float:
        warm, settings = self.updates >= self.settings.warmup, self.settings
        return fade(self.done, settings.schedule) if warm else (self.updates + 1) / settings.warmup

    @staticmethod
    def _values(network: ValueNetwork, offers: list[tuple[str, tuple[str, ...]]]) -> Tensor:
        """Return the values (B, K) of every reply on offer."""
        pairs = [(state, choice) for state, choices in offers for choice in choices]
        flat = network(pairs) if pairs else torch.zeros(0)
        return padded(flat, [len(choices) for _, choices in offers])
