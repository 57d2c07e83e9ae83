"""How does the doctor play an environment? Through `act`, the same for a team and for one agent, noting every byte."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from syllogym.envs import Core, Prompt, TeamEnv, TextEnv

TURNS = 50
"""Turns after which the doctor leaves an episode that does not end."""

Policy = Callable[[Any, str, Prompt], str]
"""Takes the environment, the agent's name and its prompt; returns the reply."""

_REPLIES = (
    "",
    "0",
    "1",
    "7",
    "rock",
    "yes",
    "\\boxed{3}",
    "<answer>2</answer>",
    "#### 5",
    "I do not know.",
    "a b c\n1 + 1",
)
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


@dataclass(frozen=True)
class Subject:
    """The environment under examination: its class, and the options under which it is made."""

    environment: type[Core]
    options: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The environment's name, or its class's when it is not registered."""
        return self.environment.name or self.environment.__name__

    @property
    def single(self) -> bool:
        """Whether one agent plays it."""
        return issubclass(self.environment, TextEnv)

    def make(self, **more: Any) -> Any:
        """Make a new one; `more` options go before the subject's."""
        return self.environment(**{**self.options, **more})


def solution(env: TextEnv | TeamEnv, agent: str) -> str | None:
    """Return what the reference solver says now, None when there is no solver."""
    solve = getattr(env, "solve", None)
    if solve is None:
        return None
    try:
        return str(solve() if isinstance(env, TextEnv) else solve(agent))
    except NotImplementedError:
        return None


def mixed(seed: int) -> Policy:
    """Return a policy that mixes right, wrong and odd replies by private chance."""
    dice = random.Random(seed)

    def reply(env: Any, agent: str, prompt: Prompt) -> str:
        odd = dice.choice(_REPLIES)
        return (solution(env, agent) or odd) if dice.random() < 0.5 else odd

    return reply


def constant(text: str) -> Policy:
    """Return a policy that always says the same."""
    return lambda env, agent, prompt: text


def go_on(env: Any, policy: Policy, turns: int = TURNS) -> Iterator[str]:
    """Play on, yielding each turn's replies, rewards, info, prompts and end as text."""
    for _ in range(turns):
        if env.over:
            return
        replies = {agent: policy(env, agent, env.observe(agent)) for agent in env.waiting}
        rewards, info = env.act(replies)
        yield written(replies, rewards, info, seen(env), env.terminated, env.truncated, env.late_pay())


def episode(env: Any, seed: int | None, policy: Policy, turns: int = TURNS) -> Iterator[str]:
    """Begin an episode and play it, yielding the first prompts and then every turn as text."""
    env.reset(seed=seed)
    yield written(seen(env), env.waiting)
    yield from go_on(env, policy, turns)


def whole(env: Any, seed: int | None, policy: Policy) -> list[str]:
    """Return everything that happens in one episode."""
    return list(episode(env, seed, policy))


def begun(env: Any, seed: int, policy: Policy, turns: int = 1) -> Any:
    """Bring an environment to the middle of an episode and return it."""
    list(islice(episode(env, seed, policy), turns + 1))
    return env


def returns(env: Any, seed: int, policy: Policy) -> dict[str, float]:
    """Play one episode; return what each agent earned in it, delayed credit included."""
    env.reset(seed=seed)
    earned = dict.fromkeys(env.agents, 0.0)
    for _ in range(TURNS):
        if env.over:
            break
        rewards, _ = env.act({agent: policy(env, agent, env.observe(agent)) for agent in env.waiting})
        for agent, reward in rewards.items():
            earned[agent] += float(reward)
    for agent, reward in env.late_pay().items():
        earned[agent] += reward
    return earned


def seen(env: Any) -> dict[str, Any]:
    """Return every agent's prompt, messages and all."""
    return {agent: env.observe(agent).messages for agent in env.agents}


def written(*values: object) -> str:
    """Write values down exactly, memory addresses aside."""
    return _ADDRESS.sub("", repr(values))


def first_difference(one: list[str], other: list[str]) -> str | None:
    """Say where two plays part, or return None when they are the same."""
    if one == other:
        return None
    pairs = list(zip(one, other, strict=False))
    turn = next((place for place, (a, b) in enumerate(pairs) if a != b), len(pairs))
    shown = [play[turn][:200] if turn < len(play) else "nothing more" for play in (one, other)]
    return f"at turn {turn} one has {shown[0]} and the other {shown[1]}"
