"""Does a scenario's environment begin, and can it be played as the scenario wants? Asked before anything is written."""

from __future__ import annotations

from typing import Any

from syllogym import envs
from syllogym.agents.episode import Episode
from syllogym.agents.player import Request, reference_reply, slipped
from syllogym.agents.value_player import offered
from syllogym.envs.chance import Dice
from syllogym.scenarios.schema import Scenario


def try_out(scenario: Scenario) -> None:
    """Begin an episode of each split and each stage, so that a wrong option or a missing file is told at once.

    Where values of replies are learnt, ask which there are; where demonstrations will be needed, ask for one move: not
    every environment has a reference solver.
    """
    spec = scenario.environment
    stages = [{**spec.options, **stage.options} for stage in spec.stages]
    for split, options in [("eval", spec.options), ("train", spec.options), *(("train", stage) for stage in stages)]:
        env = envs.make_plain(spec.name, split=split, max_turns=spec.max_turns)
        env.reset(seed=0, options=options)
        _try_choices(scenario, env)
        if split == "train" and scenario.needs_demonstrations:
            _demonstrate(
                scenario, Request(env, env.waiting[0], env.observe(env.waiting[0]), Episode(spec.name, 0), -1, 0)
            )


def _demonstrate(scenario: Scenario, request: Request) -> None:
    warmup = scenario.warmup
    if warmup is not None and warmup.fraction == 1:
        slipped(request, Dice(), warmup.noise)
    else:
        reference_reply(request)


def _try_choices(scenario: Scenario, env: Any) -> None:
    for member in scenario.members.values():
        if member.policy.kind != "tokens":
            for role in set(member.roles).intersection(env.waiting):
                offered(env, role)
