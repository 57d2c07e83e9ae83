"""How does one agent train in a team? Its seat is a `gymnasium.Env`; given policies play the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import gymnasium

from syllogym.envs.space import Text
from syllogym.envs.values import Prompt, reward_parts
from syllogym.errors import UserError

if TYPE_CHECKING:
    from syllogym.envs.team import TeamEnv

_EPISODES = 100


class Actor(Protocol):
    """Anything that answers a prompt."""

    def act(self, prompt: Prompt, /) -> str:
        """Return the reply to a prompt."""


Policy = Callable[[Prompt], str] | Actor


class Seat(gymnasium.Env[str, str]):
    """One agent's view of a team environment.

    A step hears this agent, lets the others move until it is this agent's turn again or the episode is over, and pays
    what this agent earned meanwhile. An episode that ends before its first turn is passed over.

    Args:
        team: the environment; nobody else may step it meanwhile.
        agent: whose seat it is.
        others: a policy for every other agent: a function from prompts to replies, or an object with such an `act`.
    """

    metadata: dict[str, Any] = {"render_modes": []}

    def __init__(self, team: TeamEnv, agent: str, others: Mapping[str, Policy]) -> None:
        if agent not in team.agents:
            raise UserError(f"{team.name} has no agent {agent!r}; it has {', '.join(team.agents)}.")
        if others.keys() != set(team.agents) - {agent}:
            needed = ", ".join(who for who in team.agents if who != agent)
            raise UserError(f"others needs a policy for each of {needed}; it has {', '.join(others) or 'none'}.")
        self.team = team
        self.agent = agent
        self.others = {name: policy if callable(policy) else policy.act for name, policy in others.items()}
        self.observation_space = Text()
        self.action_space = Text()

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Prompt, dict[str, Any]]:
        """Begin an episode and let the others move until it is this agent's turn."""
        super().reset(seed=seed)
        for _ in range(_EPISODES):
            prompts, info = self.team.reset(seed=seed, options=options)
            _, heard = self._until_my_turn(prompts)
            if not self.team.over:
                return self.team.observe(self.agent), {**info, **heard}
            seed = None
        raise UserError(f"{_EPISODES} episodes of {self.team.name} ended before {self.agent} had a turn.")

    def step(self, action: str) -> tuple[Prompt, float, bool, bool, dict[str, Any]]:
        """Hear this agent's reply and the others' until it is this agent's turn again."""
        mine = {self.agent: action}
        prompts, rewards, _, _, info = self.team.step(mine | self._replies(self.team.waiting))
        later, more = self._until_my_turn(prompts)
        first = rewards[self.agent]
        info = {**info, **more}
        if type(first) is not float:
            info["reward"] = reward_parts(first)
        team = self.team
        return team.observe(self.agent), float(first) + later, team.terminated, team.truncated, info

    def _until_my_turn(self, prompts: Mapping[str, Prompt]) -> tuple[float, dict[str, Any]]:
        earned, heard = 0.0, {}
        while prompts and self.agent not in prompts:
            prompts, rewards, _, _, info = self.team.step(self._replies(prompts))
            earned += rewards[self.agent]
            heard.update(info)
        return earned, heard

    def _replies(self, agents: Mapping[str, Prompt] | tuple[str, ...]) -> dict[str, str]:
        return {who: self.others[who](self.team.observe(who)) for who in agents if who != self.agent}
