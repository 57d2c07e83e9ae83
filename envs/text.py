"""How does one agent talk to an environment? Through a `gymnasium.Env` whose observations and actions are strings."""

from __future__ import annotations

import random
from collections.abc import Mapping
from math import isfinite
from typing import Any, ClassVar

import gymnasium
import numpy as np

from syllogym.envs.core import Core
from syllogym.envs.slips import garbled
from syllogym.envs.space import Text
from syllogym.envs.values import Fault, Prompt, Reply, Turn, check_finite, reward_parts
from syllogym.envs.waiting import Soon, finish, then
from syllogym.errors import UserError

_TEXT = Text()
_new = str.__new__  # makes a Reply at a third of the time of Reply(), whose own part is to set extras


class TextEnv(Core, gymnasium.Env[str, str]):
    """A single-agent environment. Write `on_reset` and `on_step`; `solve` lends a reference solver.

    It is a `gymnasium.Env`: ``observation, info = env.reset(seed=0)`` and ``env.step(reply)`` returns Gymnasium's five
    values. ``info["reward"]`` holds the parts of a `Reward`. Delayed credit (`settle`) is paid with the last step here,
    and to the turns it belongs to in rollouts.
    """

    metadata: dict[str, Any] = {"render_modes": ["ansi"], "render_fps": 1}
    observation_space: gymnasium.spaces.Space[str] = _TEXT
    action_space: gymnasium.spaces.Space[str] = _TEXT

    _hears_text: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        heard = [kind for name, kind in cls.on_step.__annotations__.items() if name != "return"]
        cls._hears_text = heard in ([str], ["str"])

    def __init__(self, *, render_mode: str | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._plain = self._hears_text and not self._has_tools
        self._opens = self._has_tools or bool(self.system)
        self.render_mode = render_mode
        self._told = Prompt()
        self._generator: np.random.Generator | None = None

    def on_step(self, reply: Any) -> Soon[Turn | str]:
        """Answer the agent's reply, a `Reply`; a plain string tells it and pays nothing.

        Where the parameter is annotated ``reply: str``, text is handed over as it comes, which saves making a `Reply`.
        """
        raise NotImplementedError(f"{type(self).__name__} needs on_step(self, reply)")

    def solve(self) -> str:
        """Return the reply a perfect agent would give now (warm-up demonstrations and the env doctor use it)."""
        raise NotImplementedError(f"{self.name or type(self).__name__} has no reference solver")

    def slip(self, rng: random.Random, rate: float) -> str:
        """Return a reply of an agent that knows the way but errs with chance `rate` wherever it can.

        Warm-ups with noise imitate it. By default letters and digits of the reference reply are mistaken for others;
        an environment may know mistakes that are more like a learner's.
        """
        return garbled(self.solve(), rng, rate)

    def reset(
        self, *, seed: int | None = None, options: Mapping[str, Any] | None = None
    ) -> tuple[Prompt, dict[str, Any]]:
        """Begin an episode and return its first prompt.

        Args:
            seed: determines this episode and, through later calls without a seed, the ones that follow.
            options: difficulty options for this episode only; an unknown one raises `UserError`.
        """
        first: Any = self._begin(seed, options)
        if type(first) is str and not self._opens:  # `_open`, without the call
            self.waiting = self.agents
            self._generator = None
            self._told = told = Prompt(first)
            return told, {}
        self._open(finish(first))
        return self._told, {}

    def begin(self, seed: int | None, options: Mapping[str, Any] | None = None) -> Soon[None]:
        """Begin an episode as `reset` does, for callers that can await one which has to wait (see `hear`)."""
        first: Any = self._begin(seed, options)
        return then(first, self._open)

    def _open(self, first: str | Mapping[str, str]) -> None:
        if not isinstance(first, str):
            raise self.fault("on_reset of a single-agent environment returns a string.")
        self.waiting = self.agents
        self._generator = None
        self._told = self._first_messages(first) if self._opens else Prompt(first)

    def step(self, action: str) -> tuple[Prompt, float, bool, bool, dict[str, Any]]:
        """Hear a reply: next prompt, reward, terminated, truncated, info."""
        # The hot path: no call, object or branch that a plain turn does not need.
        if not self.waiting:
            self._check_live()
        try:
            if self._plain:
                turn: Any = self.on_step(action)
            else:
                reply = action if type(action) is Reply else _new(Reply, action)
                turn = finish(self._heard(reply)) if self._has_tools else self.on_step(reply)
        except (Fault, UserError):
            raise
        except Exception as error:
            raise self.fault(f"on_step raised {type(error).__name__}: {error}") from error
        count, limit = self.turn + 1, self.max_turns
        if type(turn) is str and (limit is None or count != limit):  # Python compares an int with None slowly
            self.turn = count
            self._told = told = Prompt(turn)
            return told, 0.0, False, False, {}
        if type(turn) is not Turn and type(turn) is not str:
            turn = finish(self._awaited("on_step", turn)) if hasattr(turn, "__await__") else turn
        reward, info = self._take(turn)
        if type(reward) is not float:
            info = {**info, "reward": reward_parts(reward)}
            reward = float(reward)
        if self.settled:
            reward += self.late_pay().get(self.agents[0], 0.0)
        return self._told, reward, self.terminated, self.truncated, info

    def act(self, replies: Mapping[str, str]) -> tuple[dict[str, float], dict[str, Any]]:
        """Hear a reply the way a team does; return the agent's reward, by its name, and info."""
        return finish(self.hear(replies))

    def hear(self, replies: Mapping[str, str]) -> Soon[tuple[dict[str, float], dict[str, Any]]]:
        """Do as `act`, for callers that can await: the answer is a coroutine where a hook has to wait."""
        self._check_live()
        agent = self.agents[0]
        if replies.keys() != {agent}:
            raise UserError(f"{self.name} waits for {agent!r}; it was given {', '.join(replies)}.")
        said = replies[agent]
        turn: Any = self._heard(said if isinstance(said, Reply) else Reply(said))
        return then(turn, self._paid)

    def _heard(self, reply: Reply) -> Soon[Turn | str]:
        """Run the tools that a reply calls, or let the author hear it."""
        if self._has_tools and (results := self._run_tools(reply)):
            return then(results, Prompt.of)
        return self._guard(self.on_step, reply)  # type: ignore[no-any-return]

    def _paid(self, turn: Turn | str) -> tuple[dict[str, float], dict[str, Any]]:
        reward, info = self._take(turn)
        return {self.agents[0]: reward}, info

    def observe(self, agent: str) -> Prompt:
        """Return what the agent has been told since its last reply."""
        return self._told

    def render(self) -> str | None:
        """Return the latest prompt under ``render_mode="ansi"``."""
        return str(self._told) if self.render_mode == "ansi" else None

    def _take(self, turn: Turn | str) -> tuple[float, dict[str, Any]]:
        """Tell the agent what a turn says and end the episode where it does; return what it pays, and its info."""
        if not isinstance(turn, Turn):
            turn = Turn(turn)
        tell, reward = turn.tell, turn.reward
        if not isinstance(tell, str) or (not isinstance(reward, float) and isinstance(reward, Mapping)):
            raise self.fault("a single agent is told a string and paid a number, not a mapping.")
        self.turn += 1
        self._told = tell if type(tell) is Prompt else Prompt(tell)
        if turn.over or self.turn == self.max_turns:
            self._end(terminated=turn.over)
        if not isfinite(reward):
            check_finite(reward, self.name or type(self).__name__)
        return reward, turn.info

    @property
    def _np_random(self) -> np.random.Generator:
        """Gymnasium's generator, made only when somebody asks; authors draw from the `rng` that on_reset is given."""
        if self._generator is None:
            self._generator = np.random.default_rng(self.seed)
        return self._generator

    @_np_random.setter
    def _np_random(self, generator: np.random.Generator) -> None:
        self._generator = generator
