"""How good is a player on instances that training never draws?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from math import sqrt
from pathlib import Path
from typing import Any

from syllogym import envs
from syllogym.agents.episode import Episode, by_role, success, summary
from syllogym.agents.player import Player
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts
from syllogym.agents.several import Several
from syllogym.scenarios.build import make_policies, make_rollouts, make_tasks, policy_players
from syllogym.scenarios.exploitability import exploitability
from syllogym.scenarios.player_spec import PlayerSpec
from syllogym.scenarios.run_directory import finished_model
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load


def held_out(
    scenario: Scenario, players: Mapping[str, Player], label: str, base: Path | None = None
) -> tuple[dict[str, Any], list[Episode]]:
    """Play the scenario's held-out instances with `players` in the trained policies' parts.

    Args:
        scenario: says which instances, and whom to play against.
        players: by the policy's name.
        label: of the evaluation.
        base: folder of the weights that reinforcement learning began with; where there is none, or not yet, the
            scenario says what they are.

    Returns:
        Accuracy with its 95 % interval, mean return, reply length and so on, of the first trained role, and where
        several are trained of each under its name (``speaker/accuracy``); in the place of each role stand pairs (``X
        against oracle/accuracy``) where the scenario names opponents; of small games `exploitability`; where episodes
        were lost to `faults`, how many, and the most frequent `fault`; and the episodes.
    """
    tasks = make_tasks(scenario, "eval", range(scenario.evaluate.episodes))
    rollouts = make_rollouts(scenario, players, "eval")
    best = envs.get(scenario.environment.name).max_return
    solved = exploitability(scenario, players)
    if not scenario.evaluate.against:
        episodes = rollouts.run(tasks)
        each = {role: _numbers(episodes, best, role) for role in scenario.roles}
        return {"label": label, "episodes": len(episodes), **by_role(each), **solved, **_lost(rollouts)}, episodes
    each, episodes = {}, []
    for opponent in scenario.evaluate.against:
        with _seats_of(scenario, opponent, base) as seats:
            for role in scenario.roles:
                played = replace(rollouts, players={**seats, role: rollouts.players[role]}).run(tasks)
                for episode in played:
                    episode.cast = {agent: opponent.name for agent in seats if agent != role}
                each[f"{role} against {opponent.name}"] = _numbers(played, best, role)
                episodes += played
    return {"label": label, "episodes": len(tasks), **by_role(each), **solved, **_lost(rollouts)}, episodes


def _lost(rollouts: Rollouts) -> dict[str, Any]:
    return {"faults": rollouts.faults.total(), "fault": rollouts.most_frequent()} if rollouts.faults else {}


@contextmanager
def _seats_of(scenario: Scenario, opponent: PlayerSpec, base: Path | None) -> Iterator[Mapping[str, Player]]:
    """Give an opponent a player for every agent, for as long as it plays."""
    if opponent.name != scenario.evaluate.base:
        yield dict.fromkeys(scenario.bound, opponent.player)
        return
    policies = make_policies(scenario, critic=False, path=base if base is not None and base.is_dir() else None)
    try:
        yield make_rollouts(scenario, policy_players(scenario, policies, greedy=True), "eval").players
    finally:
        for policy in policies.values():
            if isinstance(policy, Policy):
                scenario.engine.close(policy)


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
        agent: a scripted agent to put in the policies' place (``oracle`` plays the reference solver), with options as
            in ``{name: replay, path: episodes.jsonl}``. One that chooses among replies (``{name: majority, n: 8}``)
            takes the policies' own unless it says whose; they are sampled at the evaluation's temperature, or where
            that is 0 at the training's.
        episodes: how many held-out instances; the scenario's own number when None.
    """
    scenario, run = read_target(target, overrides, episodes)
    with closing(scenario.engine):
        players = players_of(scenario, agent, run)
        return held_out(scenario, players, agent or "policy", None if run is None else run / "base")


def read_target(
    target: str, overrides: Sequence[str] = (), episodes: int | None = None
) -> tuple[Scenario, Path | None]:
    """Return the scenario of a run directory, and that; or a scenario by its name or file, and None."""
    if episodes is not None:
        overrides = [*overrides, f"evaluate.episodes={episodes}"]
    run = Path(target)
    is_run = (run / "scenario.yaml").is_file()
    scenario, _ = load(str(run / "scenario.yaml") if is_run else target, Scenario, overrides)
    return scenario, run if is_run else None


def players_of(scenario: Scenario, agent: str | None, run: Path | None, *, draws: bool = False) -> Mapping[str, Player]:
    """Return who plays the trained policies' parts: they, as a run left them; an agent; or one that chooses.

    Under `draws` policies are asked for several replies that should differ: where the evaluation is greedy, they are
    sampled at the training's temperature, as they are for an agent that chooses.
    """
    player = PlayerSpec.read(agent).player if agent is not None else None
    chooses = isinstance(player, Several) and player.of is None
    if player is not None and not chooses:
        return dict.fromkeys(scenario.members, player)
    policies = make_policies(scenario, critic=False, path=finished_model(run) if run is not None else None)
    greedy = not (chooses or draws) or scenario.evaluate.temperature > 0
    players = policy_players(scenario, policies, greedy=greedy)
    if isinstance(player, Several):
        return {name: replace(player, of=own) for name, own in players.items()}
    return players


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion (Wilson 1927); it is honest near 0 and 1."""
    if not trials:
        return 0.0, 1.0
    z, p = 1.96, successes / trials
    centre = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return min(p, max(0.0, centre - half)), max(p, min(1.0, centre + half))  # rounding never leaves p outside
