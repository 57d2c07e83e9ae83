"""Who shows a policy how a task is solved? The environment's reference solver, or a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from syllogym.agents.episode import Episode
from syllogym.agents.player import DemonstrationPlayer
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Task
from syllogym.agents.search.demonstrator import SearchDemonstrator
from syllogym.scenarios.build import make_rollouts, remembering
from syllogym.scenarios.schema import Scenario


class Demonstrations:
    """Lets the solver play every trained policy's part, in the tokens that the policy would have to sample.

    Args:
        scenario: names the environment and the members.
        policies: by member; their chat formats say which tokens.
        key: seeds the slips. noise, fraction: how often the solver slips (see `DemonstrationPlayer`).
        search: shows how, in the solver's place.
    """

    def __init__(
        self,
        scenario: Scenario,
        policies: Mapping[str, Policy],
        key: str,
        noise: float = 0.0,
        fraction: float = 1.0,
        search: SearchDemonstrator | None = None,
    ) -> None:
        reply = None if search is None else search.reply
        solvers = {
            name: remembering(scenario, DemonstrationPlayer(policy.chat, noise, fraction, scenario.context, reply))
            for name, policy in policies.items()
        }
        self.rollouts = make_rollouts(scenario, solvers, key)

    async def of(self, tasks: Sequence[Task]) -> list[Episode]:
        """Return a demonstration of each task, marked as one."""
        episodes = await self.rollouts.play(tasks)
        for episode in episodes:
            episode.demonstrated = True
        return episodes
