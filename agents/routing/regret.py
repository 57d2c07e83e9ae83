"""How much more would the best delegation have been paid, in expectation, than the one that was played?"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from syllogym import envs
from syllogym.agents.episode import Episode
from syllogym.envs.routing.delegation import Delegation
from syllogym.errors import UserError


def regret_of(episode: Episode) -> float:
    """Return the regret of a recorded episode of ``routing/delegation``, exactly: its moves are made again.

    A plan that was refused for good is worth nothing. Raises UserError where nobody can know what is best.
    """
    env = _begun(episode.seed, episode.options, episode.split)
    for step in episode.steps:
        if step.agent != "aggregator" and not env.over:
            env.step({step.agent: step.reply})
    return _regret(env)


def random_regret(options: Mapping[str, Any], seeds: Sequence[int], split: str | None = None) -> float:
    """Return the mean regret of a router that draws plan and allocation from what is offered, all alike likely."""
    total = 0.0
    for seed in seeds:
        env, dice = _begun(seed, options, split), random.Random(seed)
        while env.waiting and env.waiting != ("aggregator",):
            env.step({agent: dice.choice(env.offered(agent) or ("",)) for agent in env.waiting})
        total += _regret(env)
    return total / len(seeds)


def _begun(seed: int, options: Mapping[str, Any], split: str | None) -> Delegation:
    env = envs.make("routing/delegation", split=split, **options)
    assert isinstance(env, Delegation)
    env.reset(seed=seed)
    return env


def _regret(env: Delegation) -> float:
    regret = env.regret()
    if regret is None:
        raise UserError("Regret is known only of sums (routing/sums) that scripted experts solve.")
    return regret
