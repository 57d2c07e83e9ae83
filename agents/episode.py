"""What happened in one episode, token by token?

Token ids are the truth, text is a view. An episode is a list of steps; each holds what an agent was newly given and
what it said, and names the earlier step its context continues. A chain of steps from a root to a leaf is exactly one
engine context, so forks and chat templates that rewrite history simply begin another chain.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from syllogym.envs import Message, Prompt, Reply, ToolCall
from syllogym.envs.values import Reward, reward_parts

_NOT_IN_A_LINE = re.compile("[\x85\u2028\u2029\ud800-\udfff]")
"""Line ends that JSON leaves as they are, and halves of surrogate pairs, which no file can hold."""


@dataclass(slots=True)
class Step:
    """One agent's move.

    Attributes:
        agent: who moved.
        turn: engine turn of the environment (0, 1, ...) this move belongs to.
        parent: index of the step whose context this one continues; -1 begins a context.
        prompt: chat messages that were new to the agent.
        reply: what it said.
        prompt_ids: ids the engine was newly given; empty for a scripted agent.
        token_ids: ids as sampled. logprobs: one for each, in nats, from the sampling engine.
        reward: paid for this move, delayed credit included. parts: the same by name.
        finish: ``stop``, ``length`` or ``""``.
        version: weight version of the policy that sampled. switches: (place, version) of newer weights, from that
            sampled token on.
        tools: JSON schemas of the tools that were shown with the prompt.
        calls: name, arguments and error of each tool call that the player, not the environment, found in the reply.
        recalled: messages that opened the context here in the place of earlier moves.
        spans: process rewards inside the reply, (start, end, value) in characters of it; they are part of `reward`.
        given: taken over from another episode, of which this one is a branch: context, never learnt from again.
    """

    agent: str
    turn: int
    parent: int
    prompt: list[Message]
    reply: str
    prompt_ids: list[int] = field(default_factory=list)
    token_ids: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    reward: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    finish: str = ""
    version: int = 0
    switches: list[list[int]] = field(default_factory=list)
    tools: list[dict[str, Any]] = field(default_factory=list)
    calls: list[list[Any]] = field(default_factory=list)
    recalled: list[Message] = field(default_factory=list)
    spans: list[tuple[int, int, float]] = field(default_factory=list)
    given: bool = False

    def versions(self) -> list[int]:
        """Return the weight version that sampled each token."""
        versions = [self.version] * len(self.token_ids)
        for place, version in self.switches:
            versions[place:] = [version] * (len(versions) - place)
        return versions

    def told(self) -> list[Message]:
        """Return what was new in this move, and the reply, as chat messages."""
        return [*self.prompt, {"role": "assistant", "content": self.reply}]

    def said(self) -> Reply:
        """Return the reply as the environment heard it."""
        return Reply(
            self.reply,
            prompt_ids=self.prompt_ids,
            token_ids=self.token_ids,
            logprobs=self.logprobs,
            finish_reason=self.finish,
            version=self.version,
            switches=tuple((place, version) for place, version in self.switches),
            tool_calls=tuple(ToolCall(*call) for call in self.calls),
        )


@dataclass(slots=True)
class Episode:
    """One episode: which task, what every agent said, what it was paid.

    `group` is shared by episodes of the same task (seed and options), `index` numbers them inside the group; `idle` is
    what agents were paid that had not moved; `demonstrated` says that the reference solver wrote the replies;
    `max_turns` is the bound of turns it was played under, None for the environment's own; `cast` names who played those
    agents that somebody else played than the scenario's own player, such as ``past_self@40``; `overflowed` says that it
    was cut off because a context had become too long for its model.
    """

    env: str
    seed: int
    options: dict[str, Any] = field(default_factory=dict)
    split: str | None = None
    group: int = 0
    index: int = 0
    steps: list[Step] = field(default_factory=list)
    idle: dict[str, float] = field(default_factory=dict)
    terminated: bool = False
    truncated: bool = False
    demonstrated: bool = False
    max_turns: int | None = None
    cast: dict[str, str] = field(default_factory=dict)
    overflowed: bool = False

    def append(
        self, agent: str, turn: int, prompt: Prompt, reply: Reply, parent: int = -1, recalled: Sequence[Message] = ()
    ) -> Step:
        """Add a move, checking that the tokens fit together.

        Raises:
            ValueError: log-probs and sampled ids differ in number, the parent is not an earlier step of this agent,
                or a sampled reply has no prompt ids.
        """
        ids, logprobs = list(reply.token_ids or ()), list(reply.logprobs or ())
        if logprobs and len(logprobs) != len(ids):
            raise ValueError(f"{agent} sampled {len(ids)} tokens but {len(logprobs)} log-probs came with them.")
        if not -1 <= parent < len(self.steps) or (parent >= 0 and self.steps[parent].agent != agent):
            raise ValueError(f"step {parent} is not an earlier step of {agent}, whose context it should continue.")
        if ids and not reply.prompt_ids:
            raise ValueError(f"{agent} sampled tokens after an empty prompt.")
        step = Step(
            agent, turn, parent, list(prompt.messages), str(reply), list(reply.prompt_ids or ()), ids, logprobs,
            finish=reply.finish_reason, version=reply.version, switches=[list(switch) for switch in reply.switches],
            tools=list(prompt.tools), calls=[list(call) for call in reply.tool_calls],
            recalled=list(recalled),
        )  # fmt: skip
        self.steps.append(step)
        return step

    def pay(self, agent: str, at: int | None, reward: float) -> None:
        """Add a reward, with its parts, to the agent's step `at`; to `idle` when it has not moved yet (None).

        Raises:
            ValueError: the reward is not a finite number.
        """
        if not math.isfinite(reward):
            raise ValueError(f"{agent} was paid {float(reward)}, which is not a finite number.")
        parts = reward_parts(reward)
        if not parts:
            return
        if at is None:
            self.idle[agent] = self.idle.get(agent, 0.0) + float(reward)
            return
        step = self.steps[at]
        step.reward += float(reward)
        for name, value in parts.items():
            step.parts[name] = step.parts.get(name, 0.0) + float(value)
        if isinstance(reward, Reward):
            step.spans += reward.spans

    def own(self, roles: Iterable[str]) -> list[str]:
        """Return those of the roles that nobody else was cast for: what was said there is the trained policy's."""
        return [role for role in roles if role not in self.cast]

    def chain(self, leaf: int) -> list[int]:
        """Return the step indices from a root to `leaf`: one engine context."""
        indices = []
        while leaf >= 0:
            indices.append(leaf)
            leaf = self.steps[leaf].parent
        return indices[::-1]

    def context(self, leaf: int) -> list[int]:
        """Return every token id of the context that ends with step `leaf`; none for -1."""
        return [i for at in self.chain(leaf) for i in (*self.steps[at].prompt_ids, *self.steps[at].token_ids)]

    def leaves(self) -> Iterator[int]:
        """Yield the last step of every context, in order."""
        parents = {step.parent for step in self.steps}
        return (at for at in range(len(self.steps)) if at not in parents)

    def reward(self, agent: str | None = None) -> float:
        """Return what an agent (or everybody) was paid in all."""
        return sum(step.reward for step in self.steps if agent in (None, step.agent))

    def part(self, name: str, agent: str | None = None) -> float | None:
        """Return the sum of one reward part, or None when it was never paid."""
        paid = [step.parts[name] for step in self.steps if agent in (None, step.agent) and name in step.parts]
        return sum(paid) if paid else None

    def to_json(self) -> str:
        """Write the episode as one line of JSON, whatever its texts hold."""
        line = json.dumps({**asdict(self), "reward": self.reward()}, ensure_ascii=False, default=str)
        # JSON reads two halves of a pair as the one character that they make.
        line = line.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return _NOT_IN_A_LINE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)

    @classmethod
    def from_json(cls, line: str) -> Episode:
        """Read a line that `to_json` wrote."""
        data = json.loads(line)
        del data["reward"]
        return cls(**{**data, "steps": [Step(**step) for step in data["steps"]]})


def success(episode: Episode, max_return: float, agent: str | None = None) -> bool:
    """Say whether the agent solved its task: its part ``correct`` where one was paid, else the full return."""
    correct = episode.part("correct", agent)
    if correct is not None:
        return correct > 0.5
    return episode.reward(agent) >= max_return - 1e-9


def mean(values: Sequence[float]) -> float:
    """Return the mean, 0 for nothing."""
    return sum(values) / len(values) if values else 0.0


_OUTCOMES = (("correct", True), ("wrong", False))


def summary(episodes: Sequence[Episode], max_return: float, agent: str | None = None) -> Mapping[str, float]:
    """Return the numbers a person looks at first: reward, accuracy, reply length in tokens, turns.

    `length_correct` and `length_wrong` are the reply lengths of solved and of other episodes, where there are any;
    `overflowed` is the share of episodes that a full context cut off, where there are any.
    """
    moves = [[step for step in episode.steps if agent in (None, step.agent) and not step.given] for episode in episodes]
    solved = [success(episode, max_return, agent) for episode in episodes]
    overflowed = [float(episode.overflowed) for episode in episodes]
    lengths: dict[bool, list[float]] = {True: [], False: []}
    for own, right in zip(moves, solved, strict=True):
        lengths[right] += [float(len(step.token_ids)) for step in own]
    return {
        "reward": mean([episode.reward(agent) for episode in episodes]),
        "accuracy": mean([float(right) for right in solved]),
        "length": mean(lengths[True] + lengths[False]),
        **{f"length_{name}": mean(lengths[right]) for name, right in _OUTCOMES if lengths[right]},
        "turns": sum(map(len, moves)) / max(1, len(episodes)),
        "cut_off": mean([float(step.finish == "length") for own in moves for step in own]),
        **({"overflowed": mean(overflowed)} if any(overflowed) else {}),
    }


def by_role(each: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Return the numbers of the first role, and where there are several those of each as ``role/number``."""
    named = {f"{role}/{key}": value for role, numbers in each.items() for key, value in numbers.items()}
    return {**next(iter(each.values())), **(named if len(each) > 1 else {})}
