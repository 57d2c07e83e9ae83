"""Does an episode come out as it was recorded? Its environment is run again on the recorded replies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from syllogym.agents.engines.engine import ContextOverflow
from syllogym.agents.episode import Episode
from syllogym.agents.player import Context, Request
from syllogym.agents.rollout import Rollouts, Task
from syllogym.envs import Fault, Reply

_WIDTH = 60
"""Characters shown of a long value, from shortly before the first that differs."""


def differences(recorded: Episode) -> list[str]:
    """Play an episode again and return a sentence for everything that differs: prompts, rewards, who acted, the end.

    Raises:
        UserError: the environment, or an option of it, is not known.
    """
    reciter = _Reciter(recorded)
    rollouts = Rollouts({"*": reciter}, live=1, max_faults=1.0, overflow="end")
    rollouts.run([replace(Task.of(recorded), prefix=())])  # what a branch was given is compared like the rest
    # What was recorded has been through JSON, which knows no tuples.
    now = Episode.from_json(reciter.now.to_json())
    halts = [f"it came to a halt: {rollouts.places[fault]}: {fault}" for fault in rollouts.faults]
    compared = ("agent", "turn", "prompt", "tools", *(() if halts else ("reward", "parts")))
    found = []
    for at, (was, new) in enumerate(zip(recorded.steps, now.steps, strict=False)):
        found += _changes(f"step {at} ({was.agent}), ", was, new, compared)
    if halts:
        return [*found, *halts]
    if len(recorded.steps) != len(now.steps):
        found.append(f"there were {len(recorded.steps)} moves, now there are {len(now.steps)}")
    return [*found, *_changes("", recorded, now, ("idle", "terminated", "truncated"))]


class _Reciter:
    """Says for every agent what it said then; `now` is the episode in which it is asked."""

    context: Context = "conversation"

    def __init__(self, recorded: Episode) -> None:
        self.steps = {(step.agent, step.turn): step for step in recorded.steps}
        self.overflowed = recorded.overflowed
        self.now = Episode(recorded.env, recorded.seed)

    async def act(self, request: Request) -> Reply:
        """Return the agent's recorded reply of this turn; a `Fault` when there is none."""
        self.now = request.episode
        step = self.steps.get((request.agent, request.env.turn))
        if step is None and self.overflowed:
            raise ContextOverflow("It ended here when it was recorded.")
        if step is None:
            raise Fault(f"{request.agent} is asked in turn {request.env.turn}, where no reply of it was recorded")
        return step.said()


def _changes(where: str, was: object, now: object, names: tuple[str, ...]) -> list[str]:
    pairs = [(name, getattr(was, name), getattr(now, name)) for name in names]
    return [f"{where}{name}: {_contrast(before, after)}" for name, before, after in pairs if before != after]


def _contrast(was: Any, now: Any) -> str:
    """Show both values, long ones around the first character that differs."""
    before, after = repr(was), repr(now)
    same = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    start = max(0, same - _WIDTH // 3) if max(len(before), len(after)) > _WIDTH else 0
    return f"recorded {_cut(before, start)}, now {_cut(after, start)}"


def _cut(text: str, start: int) -> str:
    end = start + _WIDTH
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"
