"""How do several agents share one episode? Turn by turn or at once, through one small class.

`to_act` says who moves now: one agent, or several whose replies are collected before any is heard. Routers override it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from syllogym.envs.core import Core
from syllogym.envs.values import Message, Prompt, Reply, Turn, check_finite
from syllogym.errors import UserError


class TeamEnv(Core):
    """An environment for a team. Write `agents`, `on_reset`, `on_step` and, unless they move in turn, `to_act`.

    Any loop works::

        prompts, info = env.reset(seed=0)
        while prompts:
            prompts, rewards, terminated, truncated, info = env.step({a: policy(p) for a, p in prompts.items()})
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._inbox: dict[str, list[Message]] = {}
        self._fresh: set[str] = set()

    def on_step(self, agent: str, reply: Reply) -> Turn | str:
        """Answer one agent's reply. When several move at once this is called for each, in the order of `to_act`."""
        raise NotImplementedError(f"{type(self).__name__} needs on_step(self, agent, reply)")

    def to_act(self) -> Sequence[str]:
        """Say who moves now; by default the agents take turns."""
        return (self.agents[self.turn % len(self.agents)],)

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Prompt], dict[str, Any]]:
        """Begin an episode. Return the prompt of every agent that moves now, and an empty info."""
        self._inbox = {agent: [] for agent in self.agents}
        self._fresh = set(self.agents)
        self._tell(self._begin(seed, options))
        self._ask()
        return self._prompts(), {}

    def step(
        self, replies: Mapping[str, str]
    ) -> tuple[dict[str, Prompt], dict[str, float], bool, bool, dict[str, Any]]:
        """Hear the reply of every waiting agent.

        Returns:
            Prompts of the agents that move next (none when the episode is over), each agent's reward, terminated,
            truncated, info.
        """
        rewards, info = self.act(replies)
        return self._prompts(), rewards, self.terminated, self.truncated, info

    def act(self, replies: Mapping[str, str]) -> tuple[dict[str, float], dict[str, Any]]:
        """Hear the replies; return rewards by agent and info. `waiting`, `observe` and `over` tell the rest."""
        self._check_live()
        if replies.keys() != set(self.waiting):
            raise UserError(f"{self.name} waits for {', '.join(self.waiting)}; it was given {', '.join(replies)}.")
        rewards = dict.fromkeys(self.agents, 0.0)
        info: dict[str, Any] = {}
        over = False
        for agent in self.waiting:
            self._inbox[agent] = []
            self._fresh.discard(agent)
        for agent in self.waiting:
            turn = self._hear(agent, replies[agent])
            self._pay(rewards, agent, turn.reward)
            self._tell(turn.tell)
            info.update(turn.info)
            over = over or turn.over
        self.turn += 1
        if over or self.turn == self.max_turns:
            self._end(terminated=over)
        else:
            self._ask()
        return rewards, info

    def observe(self, agent: str) -> Prompt:
        """Return what `agent` has been told since its last reply; asking twice changes nothing."""
        messages = _merged(self._inbox[agent])
        if agent not in self._fresh:
            return Prompt.of(messages)
        opening: list[Message] = [{"role": "system", "content": self.system}] if self.system else []
        return Prompt.of([*opening, *messages], list(self._tools.values()))

    def _hear(self, agent: str, reply: str) -> Turn:
        said = reply if isinstance(reply, Reply) else Reply(reply)
        results = self._run_tools(said)
        if results:
            self._inbox[agent].extend(results)
            return Turn()
        turn = self._guard(self.on_step, agent, said)
        return turn if isinstance(turn, Turn) else Turn(turn)

    def _pay(self, rewards: dict[str, float], agent: str, reward: float | Mapping[str, float]) -> None:
        if not isinstance(reward, Mapping):
            reward = {agent: reward}
        for who, value in reward.items():
            for payee in self.agents if who == "*" else (who,):
                if payee not in rewards:
                    raise self._fault(f"it paid {payee!r}, who is none of {', '.join(self.agents)}.")
                check_finite(value, self.name)
                rewards[payee] = value if not rewards[payee] else rewards[payee] + value

    def _tell(self, tell: str | Mapping[str, str]) -> None:
        if not isinstance(tell, Mapping):
            tell = {"*": tell}
        for who, text in tell.items():
            for agent in self.agents if who == "*" else (who,):
                if agent not in self._inbox:
                    raise self._fault(f"it told {agent!r}, who is none of {', '.join(self.agents)}.")
                if text:
                    self._inbox[agent].append({"role": "user", "content": text})

    def _ask(self) -> None:
        self.waiting = tuple(self._guard(self.to_act))
        if not self.waiting or not set(self.waiting) <= set(self.agents):
            raise self._fault(f"to_act named {self.waiting or 'nobody'}; the agents are {', '.join(self.agents)}.")

    def _prompts(self) -> dict[str, Prompt]:
        return {agent: self.observe(agent) for agent in self.waiting}


def _merged(messages: Sequence[Message]) -> list[Message]:
    """Join neighbouring user messages, since chat templates want the roles to alternate."""
    merged: list[Message] = []
    for message in messages:
        if merged and message["role"] == merged[-1]["role"] == "user":
            merged[-1] = {"role": "user", "content": f"{merged[-1]['content']}\n{message['content']}"}
        else:
            merged.append(message)
    return merged
