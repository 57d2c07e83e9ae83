"""How does learning overlap with playing? Rollouts are played ahead, on another thread, by weights of a bounded age.

While the trainees learn from one rollout, the next ones are played: at most `staleness` of them, each begun when all
but that many before it have been learnt from. The engines hold copies of the weights, which are renewed only while no
optimiser step is under way, so that no half-changed weights are ever sampled from.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from syllogym.agents.policy import Policy
from syllogym.scenarios.background import Background
from syllogym.scenarios.build import Trained
from syllogym.scenarios.reinforcement import Reinforcement
from syllogym.scenarios.schedule import begins_phase
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.stage import Rollout


class Asynchronous(Reinforcement):
    """Reinforcement learning whose rollouts are played ahead (see `AsynchronousSpec`).

    Attributes:
        ahead: the rollouts that are under way, or played and not learnt from yet, by step.
        begun: how many rollouts of the stage have been begun.
        waited: seconds without learning since the last rollout was taken up, because others were not played yet.
    """

    def __init__(self, scenario: Scenario, policies: Mapping[str, Trained]) -> None:
        super().__init__(scenario, policies)
        assert scenario.train.asynchronous is not None
        self.staleness = scenario.train.asynchronous.staleness
        self.inside = scenario.train.asynchronous.swap == "inside"
        self.engines = [scenario.engine.of(policy) for policy in policies.values() if isinstance(policy, Policy)]
        # Rollouts that overlap have together as many episodes under way as one has, the older ones first.
        self.rollouts.slots = asyncio.Semaphore(min(scenario.train.live, scenario.train.prompts * scenario.train.group))
        self.background = Background()
        self.ahead: dict[int, Future[Rollout]] = {}
        self.begun = 0
        self.waited = 0.0

    def advance(self) -> dict[str, float] | None:
        """Take one optimiser step; before it the replies under way may go on with the newest weights."""
        if self.inside:
            self._swap()
        return super().advance()

    def next_rollout(self) -> Rollout:
        """Wait for the oldest rollout, and begin those that may be played while it is learnt from."""
        if self.inside:
            self._begin_until(self.step + self.staleness)
        elif self.step not in self.ahead:
            self._swap()
            self._begin_until(self.step)
        rollout = self._wait(self.ahead.pop(self.step))
        if not self.inside:
            self._swap()
            self._begin_until(self.step + self.staleness)
        rollout.metrics["overlap"] = max(0.0, 1.0 - self.waited / max(rollout.metrics["play_seconds"], 1e-9))
        self.waited = 0.0
        return rollout

    def _begin_until(self, last: int) -> None:
        """Begin the rollouts up to the number `last`, which may be as old as that when they are learnt from."""
        for step in range(self.begun, min(last + 1, self.steps)):
            if begins_phase(self.scenario.train.schedule, step):
                self._finish()  # for the partners change, with whom the rollouts before are played
            self.begin(step)
            self.ahead[step] = self.background.begin(self.rollout(step))
            self.begun += 1

    def _swap(self) -> None:
        """Let the engines take up the weights as they are now."""
        for engine in self.engines:
            engine.follow = False
            self.background.wait(self.background.begin(engine.take_up(inside=self.inside)))

    def _wait(self, rollout: Future[Rollout]) -> Rollout:
        """Return a rollout when it is played, and count the time until then, in which nobody learns."""
        began = time.monotonic()
        try:
            return self.background.wait(rollout)
        finally:
            self.waited += time.monotonic() - began

    def _finish(self) -> None:
        for rollout in self.ahead.values():
            self._wait(rollout)

    def settle(self) -> None:
        """Finish the rollouts under way; until the next one begins, the engines follow their policies."""
        self._finish()
        for engine in self.engines:
            engine.follow = True

    def close(self) -> None:
        """Give up the rollouts under way."""
        self.background.close()
        self.ahead.clear()
        for engine in self.engines:
            engine.follow = True

    def state_dict(self) -> dict[str, Any]:
        """Add the rollouts that are played and not learnt from yet; those under way are waited for."""
        self._finish()
        ahead = {step: rollout.result().state_dict() for step, rollout in self.ahead.items()}
        return {**super().state_dict(), "ahead": ahead, "begun": self.begun}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a state that `state_dict` returned."""
        super().load_state_dict(state)
        self.begun = state["begun"]
        for step, saved in state["ahead"].items():
            self.ahead[step] = Future()
            self.ahead[step].set_result(Rollout.from_state_dict(saved))
