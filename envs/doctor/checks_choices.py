"""Are the replies that an environment offers really accepted?"""

from __future__ import annotations

import random
from typing import Any

from syllogym.envs.doctor.play import TURNS, Subject, first_difference, go_on, mixed, solution
from syllogym.envs.doctor.report import Failed, Skipped

REFUSED = ("illegal", "format")
"""Reward parts that say a reply was not accepted."""

_SEEDS = range(6)


def offered_choices(subject: Subject) -> str:
    """Each of the `choices` is listed once, raises nothing and is not refused; listing them changes nothing.

    The reference solver's reply is one of them.
    """
    offers = 0
    for seed in _SEEDS:
        env, dice = subject.make(), random.Random(seed)
        env.reset(seed=seed)
        for _ in range(TURNS):
            if env.over:
                break
            choices = {agent: _listed(env, agent) for agent in env.waiting}
            offers += sum(map(len, choices.values()))
            env.act({agent: dice.choice(listed or ("1",)) for agent, listed in choices.items()})
    if not offers:
        raise Skipped("it lists no choices: its replies are free text")
    return f"{offers} choices heard"


def _listed(env: Any, agent: str) -> tuple[str, ...]:
    """Return what is offered to an agent now, each of it heard in a fork; nothing where free text is asked for."""
    straight = list(go_on(env.fork(), mixed(0), 3))
    listed: tuple[str, ...] | None = env.offered(agent)
    if listed is None:
        return ()
    where = f"seed {env.seed}, turn {env.turn}, {agent}"
    if difference := first_difference(straight, list(go_on(env.fork(), mixed(0), 3))):
        raise Failed(f"listing the choices changes the episode ({where}): {difference}.")
    if len(set(listed)) < len(listed):
        raise Failed(f"it lists a choice twice ({where}): {', '.join(map(repr, listed))}.")
    best = solution(env, agent)
    if best is not None and best not in listed:
        raise Failed(f"the reference solver says {best!r}, which is none of the choices ({where}).")
    for choice in listed:
        _hear(env.fork(), agent, choice, where)
    return listed


def _hear(twin: Any, agent: str, choice: str, where: str) -> None:
    others = {who: (twin.offered(who) or ("1",))[0] for who in twin.waiting if who != agent}
    rewards, _ = twin.act({agent: choice, **others})
    parts = getattr(rewards[agent], "parts", {})
    for name in REFUSED:
        if parts.get(name, 0.0) < 0:
            raise Failed(f"it offers {choice!r} and then refuses it: {name} = {parts[name]:g} ({where}).")
