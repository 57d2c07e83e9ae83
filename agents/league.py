"""How often does a policy meet each of its past selves? A league: who is in it, how they did, and who is met next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from syllogym.envs.chance import Dice, key_of, mix

T = TypeVar("T")

Weights = Literal["uniform", "recent", "hardest"]

_PAST = "past_self@"
_FADING = 0.9
"""What a result still counts after one more rollout: the learner that it was won by is another by then."""


class League(Generic[T]):
    """Past selves by the step they were taken at, and scripted agents, with what was won against each.

    Args:
        weights: of who is met. ``uniform``: all alike; ``recent``: the n-th past self n times as often as the first,
            scripted agents as often as the middle one; ``hardest``: by (1 - p)^2, where p is the share won against
            it (prioritised fictitious self-play; AlphaStar, Vinyals et al. 2019, doi 10.1038/s41586-019-1724-z).
        keep: how many past selves stay.
        scripted: names of scripted agents that are met too.

    Attributes:
        past: a past self for each step. won, met: fading sums of what was won against each name (a draw is half), and
            of how often it was met.
    """

    def __init__(self, weights: Weights, keep: int, scripted: Sequence[str] = ()) -> None:
        self.weights = weights
        self.keep = keep
        self.scripted = list(scripted)
        self.past: dict[int, T] = {}
        self.won: dict[str, float] = {}
        self.met: dict[str, float] = {}

    @property
    def names(self) -> list[str]:
        """Everybody in it: past selves from the oldest on, as ``past_self@40``, then scripted agents."""
        return [f"{_PAST}{step}" for step in self.past] + self.scripted

    def past_self(self, name: str) -> T | None:
        """Return the past self of that name, None for a scripted agent's."""
        return self.past[int(name.removeprefix(_PAST))] if name.startswith(_PAST) else None

    def share_won(self, name: str) -> float:
        """Estimate the share won against somebody; one drawn game is counted beside those that were played."""
        return (self.won.get(name, 0.0) + 0.5) / (self.met.get(name, 0.0) + 1.0)

    def chances(self) -> dict[str, float]:
        """Return how likely each is to be met; they sum to 1."""
        names = self.names
        if self.weights == "recent":
            middle = (len(self.past) + 1) / 2
            weight = [rank + 1.0 if rank < len(self.past) else middle for rank in range(len(names))]
        else:
            weight = [(1 - self.share_won(name)) ** 2 if self.weights == "hardest" else 1.0 for name in names]
        return {name: value / sum(weight) for name, value in zip(names, weight, strict=True)}

    def draw(self, key: str) -> str:
        """Draw whom to meet; the same key gives the same name as long as nobody joins and nothing is recorded."""
        chances = self.chances()
        return dice_of(key).choices(list(chances), list(chances.values()))[0]

    def admit(self, step: int, member: T) -> None:
        """Let a past self join; where there are too many, the one least likely to be met leaves, the oldest of equals.

        The newcomer stays: nothing is known of it yet.
        """
        self.past[step] = member
        while len(self.past) > self.keep:
            chances = self.chances()
            least = min((step for step in self.past if step != max(self.past)), key=lambda at: chances[f"{_PAST}{at}"])
            del self.past[least]
            self.won.pop(f"{_PAST}{least}", None)
            self.met.pop(f"{_PAST}{least}", None)

    def record(self, results: Sequence[tuple[str, float]]) -> None:
        """Note what was won in one rollout: against whom, and 1, 0.5 or 0. What was won before counts less now."""
        for sums in (self.won, self.met):
            for name in sums:
                sums[name] *= _FADING
        for name, won in results:
            self.won[name] = self.won.get(name, 0.0) + won
            self.met[name] = self.met.get(name, 0.0) + 1.0

    def state_dict(self) -> dict[str, Any]:
        """Return the results; the members' own states are their owner's to keep."""
        return {"won": dict(self.won), "met": dict(self.met)}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up results that `state_dict` returned."""
        self.won, self.met = dict(state["won"]), dict(state["met"])


def dice_of(key: str) -> Dice:
    """Return dice that depend on the key alone."""
    dice = Dice()
    dice.restart(mix(key_of(key)), 0)
    return dice
