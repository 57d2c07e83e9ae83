"""How good is a player on instances that training never draws?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from math import sqrt
from pathlib import Path
from typing import Any

from syllogym import envs
from syllogym.agents.episode import Episode, by_role, success, summary
from syllogym.agents.player import Player
from syllogym.scenarios.build import make_policies, make_rollouts, make_tasks, policy_players
from syllogym.scenarios.player_spec import PlayerSpec
from syllogym.scenarios.run_directory import finished_model
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load


def held_out(scenario: Scenario, players: Mapping[str, Player], label: str) -> tuple[dict[str, Any], list[Episode]]:
    """Play the scenario's held-out instances with `players` in the trained policies' parts.

    Returns:
        Accuracy with its 95 % interval, mean return, reply length and so on, of the first trained role, and where
        several are trained of each under its name (``speaker/accuracy``); where episodes were lost to `faults`, how
        many, and the most frequent `fault`; and the episodes.
    """
    tasks = make_tasks(scenario, "eval", range(scenario.evaluate.episodes))
    rollouts = make_rollouts(scenario, players, "eval")
    episodes = rollouts.run(tasks)
    lost = {"faults": rollouts.faults.total(), "fault": rollouts.most_frequent()} if rollouts.faults else {}
    best = envs.get(scenario.environment.name).max_return
    each = {role: _numbers(episodes, best, role) for role in scenario.roles}
    return {"label": label, "episodes": len(episodes), **by_role(each), **lost}, episodes


def _numbers(episodes: Sequence[Episode], best: float, role: str) -> dict[str, float]:
    numbers = summary(episodes, best, role)
    low, high = wilson(sum(success(episode, best, role) for episode in episodes), len(episodes))
    return {**numbers, "return": numbers["reward"], "low": low, "high": high}


def evaluate(
    target: str,
    overrides: Sequence[str] = (),
    *,
    agent: str | None = None,
    episodes: int | None = None,
) -> tuple[dict[str, Any], list[Episode]]:
    """Evaluate a run's trained policies, or a scenario's environment with a scripted agent.

    Args:
        target: a run directory, or a scenario's name or file.
        overrides: settings such as ``environment.digits=4``.
        agent: name of a scripted agent to put in the policies' place (``oracle`` plays the reference solver).
        episodes: how many held-out instances; the scenario's own number when None.
    """
    if episodes is not None:
        overrides = [*overrides, f"evaluate.episodes={episodes}"]
    run = Path(target)
    is_run = (run / "scenario.yaml").is_file()
    scenario, _ = load(str(run / "scenario.yaml") if is_run else target, Scenario, overrides)
    if agent is not None:
        return held_out(scenario, {name: PlayerSpec(name=agent).player for name in scenario.members}, agent)
    policies = make_policies(scenario, critic=False, path=finished_model(run) if is_run else None)
    with closing(scenario.engine):
        return held_out(scenario, policy_players(scenario, policies, greedy=True), "policy")


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson 1927); it is honest near 0 and 1."""
    if not trials:
        return 0.0, 1.0
    z, p = 1.96, successes / trials
    centre = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return max(0.0, centre - half), min(1.0, centre + half)
