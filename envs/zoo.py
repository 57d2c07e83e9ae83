"""How does PettingZoo see an environment? As an `AECEnv`, one agent at a time, or a `ParallelEnv`, all at once.

Both views hold a team (or a single agent, a team of one) and add nothing to its rules. Agents keep their names where
these are of PettingZoo's form ``<word>_<number>``; otherwise ``X`` and ``O`` are called ``x_0`` and ``o_1``. As with
PettingZoo's own environments, an option that the environment does not take is ignored by `reset`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from syllogym.envs.space import Text
from syllogym.envs.values import Prompt
from syllogym.errors import UserError

try:
    from pettingzoo import AECEnv, ParallelEnv
except ImportError as error:
    raise UserError('PettingZoo is not installed: pip install "syllogym[pettingzoo]"') from error

if TYPE_CHECKING:
    from syllogym.envs.core import Core

_NAME = re.compile(r"[a-z]+_[0-9]+")


def zoo_names(agents: tuple[str, ...]) -> dict[str, str]:
    """Return each agent's name in PettingZoo's form, by its own name."""
    if all(_NAME.match(agent) for agent in agents):
        return {agent: agent for agent in agents}
    words = (re.sub("[^a-z]", "", agent.lower()) or "agent" for agent in agents)
    return {agent: f"{word}_{place}" for place, (agent, word) in enumerate(zip(agents, words, strict=True))}


class _View:
    """What the two views share: names, spaces and the team's answers under PettingZoo's names."""

    def __init__(self, team: Core) -> None:
        self.team: Any = team
        self.own = {theirs: own for own, theirs in zoo_names(team.agents).items()}
        self.possible_agents = list(self.own)
        self.agents: list[str] = []
        self.metadata: dict[str, Any] = {"name": team.name or type(team).__name__, "render_modes": ["ansi"]}
        self.render_mode = "ansi"
        self.observation_spaces = {agent: Text() for agent in self.own}
        self.action_spaces = {agent: Text() for agent in self.own}

    def observation_space(self, agent: str) -> Text:
        """Return the texts that an agent may see."""
        return self.observation_spaces[agent]

    def action_space(self, agent: str) -> Text:
        """Return the texts that an agent may say."""
        return self.action_spaces[agent]

    def observe(self, agent: str) -> Prompt:
        """Return what the agent has been told since its last reply."""
        prompt: Prompt = self.team.observe(self.own[agent])
        return prompt

    def render(self) -> str:
        """Return what every agent was told last."""
        return "\n".join(f"[{agent}] {self.observe(agent)}" for agent in self.possible_agents)

    def close(self) -> None:
        """Release nothing: a text environment holds no windows."""

    def _begin(self, seed: int | None, options: Mapping[str, Any] | None) -> None:
        known = {name: value for name, value in (options or {}).items() if name in self.team.options}
        self.team.reset(seed=seed, options=known)
        self.agents = list(self.possible_agents)

    def _hear(self, replies: Mapping[str, str]) -> tuple[dict[str, float], dict[str, Any]]:
        """Let the team hear replies by their own names; return every agent's reward and the info."""
        rewards, info = self.team.act(replies)
        late = self.team.late_pay()
        return {agent: rewards.get(own, 0.0) + late.get(own, 0.0) for agent, own in self.own.items()}, info

    def _ended(self, how: bool) -> dict[str, bool]:
        return dict.fromkeys(self.possible_agents, how)


class OneByOne(_View, AECEnv[str, str, str]):  # type: ignore[misc] # PettingZoo's methods are untyped or wider
    """PettingZoo's agent-environment cycle: those who move at once are asked one after the other, unseen."""

    def reset(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> None:
        """Begin an episode."""
        self._begin(seed, options)
        self.rewards = dict.fromkeys(self.agents, 0.0)
        self._cumulative_rewards = dict.fromkeys(self.agents, 0.0)
        self.terminations, self.truncations = self._ended(False), self._ended(False)
        self.infos: dict[str, dict[str, Any]] = {agent: {} for agent in self.agents}
        self._replies: dict[str, str] = {}
        self._skip_agent_selection = None
        self._select()

    def step(self, action: str | None) -> None:
        """Take the selected agent's reply; the team hears it once all who move now have replied."""
        agent = self.agent_selection
        if self.terminations[agent] or self.truncations[agent]:
            self._was_dead_step(action)
            return
        if action is None:
            raise UserError(f"{agent} is alive and waits to reply; None is for agents whose episode is over.")
        self._clear_rewards()
        self._cumulative_rewards[agent] = 0.0
        self._replies[self.own[agent]] = action
        if len(self._replies) == len(self.team.waiting):
            replies, self._replies = self._replies, {}
            self.rewards, info = self._hear(replies)
            self.infos = {name: dict(info) for name in self.agents}
            self.terminations = self._ended(self.team.terminated)
            self.truncations = self._ended(self.team.truncated)
            self._accumulate_rewards()
        if self.team.over:
            self._deads_step_first()
        else:
            self._select()

    def _select(self) -> None:
        waiting = self.team.waiting[len(self._replies)]
        self.agent_selection = next(agent for agent, own in self.own.items() if own == waiting)


class AtOnce(_View, ParallelEnv[str, str, str]):  # type: ignore[misc] # as above
    """PettingZoo's parallel form. Only those hear an answer whose turn it is, as ``infos[agent]["to_act"]`` says."""

    def reset(
        self, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Prompt], dict[str, dict[str, Any]]]:
        """Begin an episode; return what every agent is told and its info."""
        self._begin(seed, options)
        return self._told(), self._infos({})

    def step(
        self, actions: Mapping[str, str]
    ) -> tuple[dict[str, Prompt], dict[str, float], dict[str, bool], dict[str, bool], dict[str, dict[str, Any]]]:
        """Hear the replies of those whose turn it is; return observations, rewards, ends and infos by agent."""
        replies = {
            own: actions[agent] for agent, own in self.own.items() if own in self.team.waiting and agent in actions
        }
        rewards, info = self._hear(replies)
        if self.team.over:
            self.agents = []
        terminated, truncated = self._ended(self.team.terminated), self._ended(self.team.truncated)
        return self._told(), rewards, terminated, truncated, self._infos(info)

    def _told(self) -> dict[str, Prompt]:
        return {agent: self.observe(agent) for agent in self.possible_agents}

    def _infos(self, info: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        return {agent: {**info, "to_act": own in self.team.waiting} for agent, own in self.own.items()}
