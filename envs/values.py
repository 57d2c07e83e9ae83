"""What passes between an environment and an agent? Plain values with extras.

An observation is a `str`, an action is a `str`, a reward is a `float`, so anybody's loop works; the small subclasses
below carry what training a language model needs on top.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

Message: TypeAlias = dict[str, Any]
"""A chat message as the model hubs write it: ``{"role": "user", "content": "..."}``."""


class ToolCall(NamedTuple):
    """One call of a tool as the agent wrote it; `error` says what is wrong with one that cannot be read."""

    name: str
    arguments: dict[str, Any]
    error: str = ""


class Prompt(str):
    """What an agent sees next: only what is new since its last reply.

    Attributes:
        messages: the same text as chat messages (system, user, tool).
        tools: JSON schemas of the tools this agent may call (OpenAI's function format).
    """

    dtype: ClassVar[type] = str  # PettingZoo's api_test compares dtypes of observations
    tools: tuple[dict[str, Any], ...] = ()
    _messages: tuple[Message, ...] = ()

    @classmethod
    def of(cls, messages: Sequence[Message], tools: Sequence[dict[str, Any]] = ()) -> Prompt:
        """Make a prompt from chat messages; its text is theirs, one below the other."""
        prompt = cls("\n".join(str(message["content"]) for message in messages))
        prompt._messages = tuple(messages)
        prompt.tools = tuple(tools)
        return prompt

    @property
    def messages(self) -> tuple[Message, ...]:
        """Chat messages of this prompt; a plain text is one user message."""
        return self._messages or ({"role": "user", "content": str(self)},)


class Reply(str):
    """What the policy said, with the exact tokens it sampled.

    Attributes:
        prompt_ids: new token ids the engine was given since the agent's last reply; None from a scripted agent.
        token_ids: ids as sampled, never encoded again; None from a scripted agent.
        logprobs: one log-probability (nats) for each sampled id, as the sampling engine reported it.
        tool_calls: calls already parsed by the engine; the environment parses the text when there are none.
        version: of the weights that sampled it. switches: (place, version) where newer ones took over inside it.
        tokens: (prompt, completion, cached ones of the prompt) that it took; None where nobody told.
        finish_reason: ``stop`` (an end token or stop string), ``length`` (cut off), or ``""`` when unknown.
    """

    prompt_ids: Sequence[int] | None = None
    token_ids: Sequence[int] | None = None
    logprobs: Sequence[float] | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tokens: tuple[int, int, int] | None = None
    finish_reason: str = ""
    version: int = 0
    switches: tuple[tuple[int, int], ...] = ()

    def __new__(cls, text: str = "", **extras: Any) -> Reply:
        """Make a reply; keyword arguments set the attributes above."""
        reply = str.__new__(cls, text)
        for name, value in extras.items():
            if not hasattr(cls, name):
                raise TypeError(f"Reply has no attribute {name!r}")
            setattr(reply, name, value)
        return reply


_float = float.__new__


class Reward(float):
    """A reward that remembers its parts: ``Reward(correct=1.0, brevity=-0.06)`` is 0.94.

    Attributes:
        parts: each part by name.
        spans: process rewards inside the reply, ``(start, end, value)`` in characters. They are part of the value.
    """

    parts: Mapping[str, float]
    spans: tuple[tuple[int, int, float], ...] = ()

    def __new__(cls, *, spans: Sequence[tuple[int, int, float]] = (), **parts: float) -> Reward:
        """Sum the parts and the spans into one float."""
        if not spans:
            reward = _float(cls, sum(parts.values()))
            reward.parts = parts
            return reward
        reward = _float(cls, sum(parts.values()) + sum(value for _, _, value in spans))
        reward.parts = parts
        reward.spans = tuple(spans)
        return reward

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by parts."""
        return _reward, (dict(self.parts), self.spans)


def _reward(parts: Mapping[str, float], spans: tuple[tuple[int, int, float], ...]) -> Reward:
    return Reward(spans=spans, **parts)


def reward_parts(reward: float) -> dict[str, float]:
    """Return a reward's parts by name; a plain number is one part called ``reward``."""
    if isinstance(reward, Reward):
        spans = {"process": sum(value for _, _, value in reward.spans)} if reward.spans else {}
        return {**reward.parts, **spans}
    return {"reward": float(reward)} if reward else {}


class Turn:
    """What an environment answers to a reply.

    Args:
        tell: text for the agents. A mapping tells each agent its own, ``"*"`` tells all; a string tells all.
        reward: a number for the agent that replied, or a mapping from agents (``"*"`` for all) to numbers.
        over: whether the episode has come to its end.
        info: anything else worth recording, by name.
    """

    __slots__ = ("info", "over", "reward", "tell")

    def __init__(
        self,
        tell: str | Mapping[str, str] = "",
        reward: float | Mapping[str, float] = 0.0,
        over: bool = False,
        **info: Any,
    ) -> None:
        self.tell = tell
        self.reward = reward
        self.over = over
        self.info = info


class Fault(RuntimeError):
    """The environment, not the agent, is to blame: an exception, a verifier's timeout, a lost sandbox.

    A fault is never turned into a reward. Rollouts drop the episode, count it and show it.

    Args:
        what: happened, by which faults are counted. where: the environment, seed and turn.
    """

    def __init__(self, what: str = "", where: str = "") -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.what = what
        self.where = where


def check_finite(reward: float, where: str) -> float:
    """Return the reward, or raise a `Fault` that names the part which is not a finite number."""
    if math.isfinite(reward):
        return reward
    bad = ", ".join(f"{name} = {value}" for name, value in reward_parts(reward).items() if not math.isfinite(value))
    raise Fault(f"{where} gave a reward that is not a finite number: {bad or reward}.")
