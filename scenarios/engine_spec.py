"""What may a scenario say of the engine that samples its policies' replies?"""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import NonNegativeFloat, PositiveInt

from syllogym.agents.engines.engine import Engine
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.policy import Policy
from syllogym.scenarios.mappings import Strict


class EngineSpec(Strict):
    """Which engine. It is made once for each policy, and serves all that the run plays.

    Attributes:
        name: ``local`` samples in this process.
        rows: replies that are sampled at one time.
        kept: GiB of what was computed of earlier turns, kept for those that go on from there.
    """

    name: Literal["local"] = "local"
    rows: PositiveInt = 1024
    kept: NonNegativeFloat = 1.0

    @cached_property
    def _made(self) -> dict[Policy, Engine]:
        return {}

    def of(self, policy: Policy) -> Engine:
        """Return the engine of a policy."""
        if policy not in self._made:
            self._made[policy] = LocalEngine(policy, rows=self.rows, kept=self.kept)
        return self._made[policy]

    def close(self, policy: Policy | None = None) -> None:
        """Close the engine of a policy, or of all."""
        for which in [policy] if policy is not None else list(self._made):
            engine = self._made.pop(which, None)
            if engine is not None:
                engine.close()
