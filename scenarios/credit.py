"""For what is a role of a team paid? For its own return, the team's, or the difference that it made.

::

    own             what the environment paid the role, when it paid it
    shared          G, the sum of what all agents were paid
    difference      G less what the team earns when a scripted agent plays the role in its place
    frozen_partner  as own, while the partners play by the weights they had when the phase began

Difference rewards are Wolpert and Tumer's ("Optimal payoff functions for members of collectives", 2001); COMA
(arXiv 1705.08926) estimates the same difference with a central critic, where we play the episode again. Shared and
difference pay the role once, at its last move, since they are known only when the episode is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from syllogym import agents
from syllogym.agents.episode import Episode


class CreditSpec(BaseModel):
    """One of the kinds above by its name, or ``{name: difference, default: random_text}``.

    `default` is the scripted agent that plays the role in its place; `silent` says nothing.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Literal["own", "shared", "difference", "frozen_partner"] = "own"
    default: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _known(self) -> CreditSpec:
        if self.default is not None:
            if self.name != "difference":
                raise ValueError(f"default belongs to the credit difference alone; this is {self.name}")
            agents.get(self.default)
        return self


def team_return(episode: Episode) -> float:
    """Return what all agents were paid together, those who never moved included."""
    return episode.reward() + sum(episode.idle.values())


def paid(episode: Episode, pay: Mapping[str, float]) -> Episode:
    """Return a copy in which each role of `pay` gets that at its last move and nothing before.

    The parts of the rewards stay the true ones, so that raw correctness is still what the environment said.
    """
    last = {step.agent: at for at, step in enumerate(episode.steps)}
    steps = [
        replace(step, reward=pay[step.agent] if at == last[step.agent] else 0.0, spans=[])
        if step.agent in pay
        else step
        for at, step in enumerate(episode.steps)
    ]
    return replace(episode, steps=steps)


def spoken_by(episode: Episode, role: str) -> Episode:
    """Return a copy in which nobody but `role` sampled any tokens, so that only its moves are learnt from."""
    steps = [
        step if step.agent == role else replace(step, prompt_ids=[], token_ids=[], logprobs=[])
        for step in episode.steps
    ]
    return replace(episode, steps=steps)
