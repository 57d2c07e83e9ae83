"""What is a value method here? A dataclass of settings that says what a reply's value should become.

Value methods suit environments that list the replies they accept. They learn Q(s, a), the return that is expected after
saying a in s, and play the best reply, or with chance epsilon any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from syllogym.agents.action_values import Transition
from syllogym.agents.value_table import ValueTable
from syllogym.errors import UserError


@dataclass(kw_only=True)
class ValueMethod:
    """What tables and networks share.

    Attributes:
        gamma: discount for each move.
        epsilon: chance of a reply drawn from all on offer.
        explore: share of the run over which that chance falls from 1 to `epsilon`; 0 has it at `epsilon` throughout.
        learns: what changes: a ``table`` or a ``network`` of values.
    """

    gamma: float = 1.0
    epsilon: float = 0.1
    explore: float = 0.0

    name: ClassVar[str] = ""
    learns: ClassVar[str]
    needs_groups: ClassVar[bool] = False
    needs_critic: ClassVar[bool] = False
    needs_teacher: ClassVar[bool] = False
    needs_demonstrations: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.check_shares("gamma", "epsilon", "explore")

    def check_shares(self, *fields: str) -> None:
        """Raise `UserError` unless the fields lie between 0 and 1."""
        for field in fields:
            if not 0 <= getattr(self, field) <= 1:
                raise UserError(f"{self.name}: {field} lies between 0 and 1; it is {getattr(self, field)}.")

    def exploration(self, done: float) -> float:
        """Return the chance of a reply drawn from all when a share `done` of the run is over."""
        return max(self.epsilon, 1.0 - (1.0 - self.epsilon) * done / self.explore) if self.explore else self.epsilon


@dataclass(kw_only=True)
class TableMethod(ValueMethod):
    """Moves Q(s, a) by `alpha` times the error towards a target, after every move."""

    alpha: float = 0.5
    learns: ClassVar[str] = "table"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_shares("alpha")

    def target(self, table: ValueTable, transition: Transition, epsilon: float) -> float:
        """Return what Q(s, a) should be; `epsilon` is the present chance of a reply drawn from all."""
        raise NotImplementedError


@dataclass(kw_only=True)
class NetworkMethod(ValueMethod):
    """Lowers a loss on batches drawn from a replay buffer, with a target network that follows at a distance.

    Attributes:
        replay: latest transitions that are kept. batch: transitions in one optimiser step.
        begin: transitions before the first optimiser step. every: transitions between two.
        copy_every: optimiser steps between copies to the target network.
        tau: share of the network that each copy takes over: 1 is a hard copy; 0.005 with ``copy_every: 1`` a soft one.
        conservative: weight of a penalty on replies that were not tried; above 0 all replies on offer are valued.
    """

    epsilon: float = 0.05
    explore: float = 0.3
    replay: int = 50_000
    batch: int = 32
    begin: int = 200
    every: int = 1
    copy_every: int = 200
    tau: float = 1.0
    conservative: float = 0.0
    learns: ClassVar[str] = "network"

    def __post_init__(self) -> None:
        super().__post_init__()
        for field in ("replay", "batch", "begin", "every", "copy_every"):
            if getattr(self, field) < 1:
                raise UserError(f"{self.name}: {field} must be at least 1; it is {getattr(self, field)}.")
        if self.conservative < 0:
            raise UserError(f"{self.name}: conservative must not be below 0; it is {self.conservative}.")
        if not 0 < self.tau <= 1:
            raise UserError(f"{self.name}: tau lies above 0 and is at most 1; it is {self.tau}.")

    def target(self, reward: Tensor, next_target: Tensor, next_online: Tensor) -> Tensor:
        """Return what the values should be (B,), from the next states' values (B, K) by both networks."""
        raise NotImplementedError

    def loss(self, values: Tensor, taken: Tensor, target: Tensor) -> Tensor:
        """Return the scalar to lower, from values (B, K) and the column (B,) of the reply that was said.

        The columns are all replies on offer where `conservative` is above 0, else the one that was said.
        """
        raise NotImplementedError
