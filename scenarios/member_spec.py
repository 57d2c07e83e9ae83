"""What may a scenario say of one trained policy: what it is, how it learns, for what, and how it is sampled?"""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import model_validator

from syllogym import algorithms
from syllogym.agents.engines.sampling import Sampling
from syllogym.algorithms.core.learner import Optimiser
from syllogym.scenarios.credit import CreditSpec
from syllogym.scenarios.mappings import Named, Strict
from syllogym.scenarios.policy_spec import PolicySpec


class AlgorithmSpec(Named):
    """Which method, with its settings."""

    @model_validator(mode="after")
    def _known(self) -> AlgorithmSpec:
        self.make()
        return self

    def make(self) -> Any:
        """Return the algorithm with these settings."""
        return algorithms.registry.build(self.name, self.options)

    def correct_staleness(self) -> None:
        """Weigh what older weights sampled, where the scenario does not say how."""
        assert self.model_extra is not None
        self.model_extra.setdefault("correction", {"kind": "token-truncate", "high": 2.0})


class MemberSpec(Strict):
    """One trained policy of a team; whatever it leaves out is the scenario's own."""

    policy: PolicySpec | None = None
    algorithm: AlgorithmSpec | None = None
    optimiser: Optimiser | None = None
    sampling: Sampling | None = None
    credit: CreditSpec | None = None


class Member(NamedTuple):
    """One trained policy of a scenario, resolved: what it is, how it learns, for what, and the agents it plays."""

    policy: PolicySpec
    algorithm: AlgorithmSpec
    optimiser: Optimiser
    sampling: Sampling
    credit: CreditSpec
    roles: list[str]
