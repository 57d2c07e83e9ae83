"""How is any environment searched? A state is a fork of it; a thought is the reply of whoever moves next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeAlias

from syllogym.envs.core import Core
from syllogym.envs.team import TeamEnv
from syllogym.envs.tree.reached import Reached
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.values import reward_parts
from syllogym.errors import UserError

Replies: TypeAlias = tuple[str, ...]
State: TypeAlias = Reached[Replies]


class ForkedTask:
    """An environment after its reset as a space of states, which are the replies so far.

    The answer that a state stands for is the list of its replies, in JSON; its score is the return of the episode, from
    `lazy_return` or below (0) to `max_return` (1). In a team the replies are those of everybody, in the order in which
    they are asked, and the mean return counts: that suits teams whose members want the same.

    Args:
        env: an environment that was reset; it is forked, and not changed.
    """

    def __init__(self, env: Core) -> None:
        if not env.waiting:
            raise UserError(f"{env.name or type(env).__name__} waits for nobody: reset it before it is searched.")
        self.env = env.fork()
        self.prompt = "\n".join(str(env.observe(agent)) for agent in env.waiting)  # type: ignore[attr-defined]
        self._forks: dict[Replies, tuple[Any, float]] = {(): (self.env, 0.0)}

    def root(self) -> State:
        return Reached(())

    def step(self, state: State, thought: str) -> State:
        replies = (*state.at, thought)
        if replies not in self._forks:
            env, earned = self._fork(state.at)
            if env.over:
                raise IllegalThought("The episode is over.")
            env, paid, illegal = self._after(env.fork(), thought)
            if illegal:
                raise IllegalThought(f"The environment refuses {thought[:100]!r}.")
            self._forks[replies] = env, earned + paid
        return Reached(replies)

    def show(self, state: State) -> str:
        env, _ = self._fork(state.at)
        return "The episode is over." if env.over else str(env.observe(self._mover(env)))

    def ended(self, state: State) -> bool:
        return bool(self._fork(state.at)[0].over)

    def answer(self, state: State) -> str | None:
        return json.dumps(state.at) if self.ended(state) else None

    def score(self, answer: str) -> float:
        """Play the replies of an answer and grade what they earn; 0 for one that is no list of replies to the end."""
        try:
            replies = json.loads(answer)
        except (ValueError, RecursionError):
            return 0.0
        if not isinstance(replies, list) or not all(isinstance(reply, str) for reply in replies):
            return 0.0
        try:
            env, earned = self._fork(tuple(replies))
        except IllegalThought:
            return 0.0
        low, high = min(0.0, self.env.lazy_return), self.env.max_return
        return min(max((earned - low) / (high - low), 0.0), 1.0) if env.over else 0.0

    def moves(self, state: State) -> Sequence[str] | None:
        env, _ = self._fork(state.at)
        if env.over:
            return ()
        listed: Sequence[str] | None = env.offered(self._mover(env))
        return listed

    def promise(self, state: State) -> float | None:
        return self.score(json.dumps(state.at)) if self.ended(state) else None

    def solutions(self) -> None:
        return None

    def solve(self) -> str:
        """Return what the environment's own solver says, to the end; `UserError` where it has none."""
        env, replies = self.env.fork(), []
        solve = getattr(env, "solve", None)
        try:
            while solve is not None and not env.over:
                replies.append(str(env.solve(self._mover(env)) if isinstance(env, TeamEnv) else env.solve()))
                env, _, _ = self._after(env, replies[-1])
        except NotImplementedError:
            solve = None
        if solve is None:
            raise UserError(f"{env.name} has no solver.")
        return json.dumps(replies)

    def _fork(self, replies: Replies) -> tuple[Any, float]:
        """Return the environment after some replies, and what was earned; they are played where nobody has yet."""
        if replies not in self._forks:
            state: State = Reached(())
            for reply in replies:
                state = self.step(state, reply)
        return self._forks[replies]

    def _mover(self, env: Any) -> str:
        """Return who moves next: of several at once, the first who has not spoken."""
        return str(env.waiting[len(env.__dict__.get("_said", ()))])

    def _after(self, env: Any, reply: str) -> tuple[Any, float, bool]:
        """Let a fork hear a reply; return it, what it paid (delayed credit included), and whether it was refused."""
        said = [*env.__dict__.pop("_said", ()), reply]
        if len(said) < len(env.waiting):
            env.__dict__["_said"] = said
            return env, 0.0, False
        rewards, _ = env.act(dict(zip(env.waiting, said, strict=True)))
        illegal = any(reward_parts(reward).get("illegal", 0.0) < 0 for reward in rewards.values())
        late = env.late_pay() if env.over else {}
        paid = sum(map(float, rewards.values())) + sum(late.values())
        return env, paid / len(env.agents), illegal
