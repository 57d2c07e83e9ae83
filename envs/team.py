"""How do several agents share one episode? Turn by turn or at once, through one small class.

`to_act` says who moves now: one agent, or several whose replies are collected before any is heard. Routers override it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from syllogym.envs.core import Core
from syllogym.envs.values import Message, Prompt, Reply, Turn, check_finite
from syllogym.envs.waiting import Soon, finish, in_turn, then
from syllogym.errors import UserError

if TYPE_CHECKING:
    from syllogym.envs.seat import Policy, Seat


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

    def on_step(self, agent: str, reply: Reply) -> Soon[Turn | str]:
        """Answer one agent's reply. When several move at once this is called for each, in the order of `to_act`."""
        raise NotImplementedError(f"{type(self).__name__} needs on_step(self, agent, reply)")

    def to_act(self) -> Sequence[str]:
        """Say who moves now; by default the agents take turns."""
        return (self.agents[self.turn % len(self.agents)],)

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[dict[str, Prompt], dict[str, Any]]:
        """Begin an episode. Return the prompt of every agent that moves now, and an empty info."""
        finish(self.begin(seed, options))
        return self._prompts(), {}

    def begin(self, seed: int | None, options: Mapping[str, Any] | None = None) -> Soon[None]:
        """Begin an episode as `reset` does, for callers that can await one which has to wait (see `hear`)."""
        self._inbox = {agent: [] for agent in self.agents}
        self._fresh = set(self.agents)
        first: Any = self._begin(seed, options)
        return then(first, self._open)

    def _open(self, first: str | Mapping[str, str]) -> None:
        self._tell(first)
        self._ask()

    def step(
        self, replies: Mapping[str, str]
    ) -> tuple[dict[str, Prompt], dict[str, float], bool, bool, dict[str, Any]]:
        """Hear the reply of every waiting agent.

        Returns:
            Prompts of the agents that move next (none when the episode is over), each agent's reward (with the delayed
            credit of `settle` in the last one), terminated, truncated, info.
        """
        rewards, info = self.act(replies)
        for agent, late in self.late_pay().items():
            rewards[agent] += late
        return self._prompts(), rewards, self.terminated, self.truncated, info

    def act(self, replies: Mapping[str, str]) -> tuple[dict[str, float], dict[str, Any]]:
        """Hear the replies; return rewards by agent and info. `waiting`, `observe` and `over` tell the rest."""
        heard = self.hear(replies)
        return heard if type(heard) is tuple else finish(heard)

    def hear(self, replies: Mapping[str, str]) -> Soon[tuple[dict[str, float], dict[str, Any]]]:
        """Do as `act`, for callers that can await: the answer is a coroutine where a hook has to wait."""
        self._check_live()
        if replies.keys() != set(self.waiting):
            raise UserError(f"{self.name} waits for {', '.join(self.waiting)}; it was given {', '.join(replies)}.")
        for agent in self.waiting:
            self._inbox[agent] = []
            self._fresh.discard(agent)
        turns: list[Turn] = []
        agents = iter(self.waiting)
        for agent in agents:
            turn = self._heard(agent, replies[agent])
            if type(turn) is not Turn:  # still to come, and so are those behind it
                rest = in_turn(chain((turn,), (self._heard(later, replies[later]) for later in agents)))
                return then(rest, lambda late: self._conclude(turns + late))
            turns.append(turn)
        return self._conclude(turns)

    def _conclude(self, turns: Sequence[Turn]) -> tuple[dict[str, float], dict[str, Any]]:
        """Pay and tell what each agent that moved was answered, and see who moves next."""
        rewards = dict.fromkeys(self.agents, 0.0)
        info: dict[str, Any] = {}
        over = False
        for agent, turn in zip(self.waiting, turns, strict=True):
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

    def seat(self, agent: str, others: Mapping[str, Policy] | None = None) -> Seat:
        """Return one agent's seat as a `gymnasium.Env`; the `others` are played by the given policies."""
        from syllogym.envs.seat import Seat

        return Seat(self, agent, others or {})

    def observe(self, agent: str) -> Prompt:
        """Return what `agent` has been told since its last reply; asking twice changes nothing."""
        messages = self._inbox[agent]
        if agent in self._fresh and (self.system or self._tools):
            opening: list[Message] = [{"role": "system", "content": self.system}] if self.system else []
            return Prompt.of([*opening, *messages], list(self._tools.values()))
        if len(messages) == 1 and messages[0]["role"] == "user":
            return Prompt(messages[0]["content"])
        return Prompt.of(messages)

    def _heard(self, agent: str, reply: str) -> Soon[Turn]:
        """Run the tools that a reply calls, or let the author hear it."""
        said = reply if isinstance(reply, Reply) else Reply(reply)
        if self._has_tools and (results := self._run_tools(said)):
            return then(results, lambda told: self._show(agent, told))
        turn = self._guard(self.on_step, agent, said)
        return turn if type(turn) is Turn else then(turn, _as_turn)

    def _show(self, agent: str, results: list[Message]) -> Turn:
        self._inbox[agent].extend(results)
        return Turn()

    def _pay(self, rewards: dict[str, float], agent: str, reward: float | Mapping[str, float]) -> None:
        if type(reward) is float and reward == 0.0:
            return
        if not isinstance(reward, Mapping):
            reward = {agent: reward}
        for who, value in reward.items():
            for payee in self._who(who):
                check_finite(value, self.name or type(self).__name__)
                rewards[payee] = rewards[payee] + value if rewards[payee] else value

    def _tell(self, tell: str | Mapping[str, str]) -> None:
        if isinstance(tell, str):
            tell = {"*": tell}
        for who, text in tell.items():
            for agent in self._who(who) if text else ():
                inbox = self._inbox[agent]
                if inbox and inbox[-1]["role"] == "user":  # joined, since chat templates want the roles to alternate
                    text_so_far = inbox.pop()["content"]
                    inbox.append({"role": "user", "content": f"{text_so_far}\n{text}"})
                else:
                    inbox.append({"role": "user", "content": text})

    def _who(self, name: str) -> tuple[str, ...]:
        if name == "*":
            return self.agents
        if name not in self._inbox:
            raise self.fault(f"it told or paid {name!r}, who is none of {', '.join(self.agents)}.")
        return (name,)

    def _ask(self) -> None:
        self.waiting = tuple(self._guard(self.to_act))
        if not self.waiting or not self._inbox.keys() >= set(self.waiting):
            raise self.fault(f"to_act named {self.waiting or 'nobody'}; the agents are {', '.join(self.agents)}.")

    def _prompts(self) -> dict[str, Prompt]:
        return {agent: self.observe(agent) for agent in self.waiting}


def _as_turn(turn: Turn | str) -> Turn:
    return turn if isinstance(turn, Turn) else Turn(turn)
