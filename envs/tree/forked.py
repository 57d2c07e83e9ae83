"""How is any environment searched? A state is a fork of it; a thought is the reply of whoever moves next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

from syllogym.envs.core import Core
from syllogym.envs.team import TeamEnv
from syllogym.envs.tree.reached import Reached
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.envs.values import reward_parts
from syllogym.errors import UserError

Replies: TypeAlias = tuple[str, ...]
State: TypeAlias = Reached[Replies]


class _Fork(NamedTuple):
    """An environment, what its episode paid so far, and what was said of those who move at once."""

    env: Any
    earned: float = 0.0
    said: Replies = ()

    @property
    def mover(self) -> str:
        """Who is asked next."""
        return str(self.env.waiting[len(self.said)])

    def after(self, reply: str) -> tuple[_Fork, bool]:
        """Hear a reply in a fork of the fork; return that, and whether the reply was refused."""
        said = (*self.said, reply)
        if len(said) < len(self.env.waiting):
            return self._replace(said=said), False
        env = self.env.fork()
        rewards, _ = env.act(dict(zip(env.waiting, said, strict=True)))
        paid = sum(map(float, rewards.values())) + (sum(env.late_pay().values()) if env.over else 0.0)
        refused = any(reward_parts(reward).get("illegal", 0.0) < 0 for reward in rewards.values())
        return _Fork(env, self.earned + paid / len(env.agents)), refused


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
        self._forks: dict[Replies, _Fork] = {(): _Fork(self.env)}

    def root(self) -> State:
        return Reached(())

    def step(self, state: State, thought: str) -> State:
        replies = (*state.at, thought)
        if replies not in self._forks:
            before = self._fork(state.at)
            if before.env.over:
                raise IllegalThought("The episode is over.")
            after, refused = before.after(thought)
            if refused:
                raise IllegalThought(f"The environment refuses {thought[:100]!r}.")
            self._forks[replies] = after
        return Reached(replies)

    def show(self, state: State) -> str:
        fork = self._fork(state.at)
        return "The episode is over." if fork.env.over else str(fork.env.observe(fork.mover))

    def ended(self, state: State) -> bool:
        return bool(self._fork(state.at).env.over)

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
            env, earned, _ = self._fork(tuple(replies))
        except IllegalThought:
            return 0.0
        low, high = min(0.0, self.env.lazy_return), self.env.max_return
        return min(max((earned - low) / (high - low), 0.0), 1.0) if env.over else 0.0

    def moves(self, state: State) -> Sequence[str] | None:
        fork = self._fork(state.at)
        if fork.env.over:
            return ()
        listed: Sequence[str] | None = fork.env.offered(fork.mover)
        return listed

    def promise(self, state: State) -> float | None:
        return self.score(json.dumps(state.at)) if self.ended(state) else None

    def solutions(self) -> None:
        return None

    def solve(self) -> str:
        """Return what the environment's own solver says, to the end; `UserError` where it has none."""
        fork, replies = self._forks[()], list[str]()
        solve = getattr(self.env, "solve", None)
        try:
            while solve is not None and not fork.env.over:
                whose = (fork.mover,) if isinstance(fork.env, TeamEnv) else ()
                replies.append(str(fork.env.solve(*whose)))
                fork, _ = fork.after(replies[-1])
        except NotImplementedError:
            solve = None
        if solve is None:
            raise UserError(f"{self.env.name} has no solver.")
        return json.dumps(replies)

    def _fork(self, replies: Replies) -> _Fork:
        """Return what there is after some replies; they are played where nobody has yet."""
        if replies not in self._forks:
            state: State = Reached(())
            for reply in replies:
                state = self.step(state, reply)
        return self._forks[replies]
