"""Who trains when, and how is it asked? Phases take turns; roles that do not learn in one are frozen partners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, PositiveInt


class Phase(BaseModel):
    """Some steps in which only `roles` learn.

    Attributes:
        roles: agents of the environment; all that are trained when it is empty.
        steps: rollouts in the phase.
        once: a warm-up that comes first and is not repeated; the other phases take turns until the run ends.
        alike: who does not learn says the same in all episodes of a group as long as it is asked the same, so that the
            replies of a learner are compared under equal conditions (several judgements of one solution, say).
        template: arguments of the chat template from this phase on, such as ``{enable_thinking: false}``.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    roles: list[str] = []
    steps: PositiveInt
    once: bool = False
    alike: bool = False
    template: dict[str, Any] = {}


def roles_at(schedule: Sequence[Phase], step: int, everyone: Sequence[str]) -> list[str]:
    """Return the roles that learn in step 0, 1, ...; everyone where there is no schedule."""
    phase, _ = _phase_at(schedule, step)
    return phase.roles if phase and phase.roles else list(everyone)


def alike_at(schedule: Sequence[Phase], step: int, everyone: Collection[str], learning: Collection[str]) -> set[str]:
    """Return who says the same in all episodes of a group in step 0, 1, ..., of all agents, where some learn."""
    phase, _ = _phase_at(schedule, step)
    return set(everyone).difference(learning) if phase and phase.alike else set()


def template_at(schedule: Sequence[Phase], step: int) -> Mapping[str, Any]:
    """Return the chat template's arguments in step 0, 1, ..."""
    phase, _ = _phase_at(schedule, step)
    return phase.template if phase else {}


def begins_phase(schedule: Sequence[Phase], step: int) -> bool:
    """Say whether a phase begins with step 0, 1, ...; without a schedule the whole run is one."""
    return _phase_at(schedule, step)[1] == 0


def _phase_at(schedule: Sequence[Phase], step: int) -> tuple[Phase | None, int]:
    """Return the phase of a step and the number of its steps before; None where there is no phase (any more)."""
    for phase in schedule:
        if phase.once:
            if step < phase.steps:
                return phase, step
            step -= phase.steps
    cycle = [phase for phase in schedule if not phase.once]
    if not cycle:
        return None, step
    step %= sum(phase.steps for phase in cycle)
    for phase in cycle:
        if step < phase.steps:
            return phase, step
        step -= phase.steps
    raise AssertionError("a step lies in one of the phases")


def active_steps(schedule: Sequence[Phase], steps: int, roles: Collection[str], everyone: Sequence[str]) -> int:
    """Return in how many of the run's steps any of `roles` learns."""
    return sum(not set(roles).isdisjoint(roles_at(schedule, step, everyone)) for step in range(steps))
