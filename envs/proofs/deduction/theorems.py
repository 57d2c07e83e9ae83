"""Where do theorems come from? A random proof is built from its conclusion upwards; what it rests on is its premises.

So every theorem is true, and comes with a proof.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from syllogym.envs.proofs.deduction.drafts import Draft, Place
from syllogym.envs.proofs.deduction.drawn_formulas import Vocabulary
from syllogym.envs.proofs.deduction.formulas import written
from syllogym.envs.proofs.prover import Theorem


class Step(NamedTuple):
    """A line of a reference proof: how many bars, what it says, by which rule, from what."""

    bars: int
    said: str
    rule: str
    cites: tuple[Place, ...]

    def text(self, index: int, before: int) -> str:
        """Return the line with its number, if `before` lines stand before the proof; `index` is its own place in it."""
        bars = "| " * self.bars
        if self.rule == "let":
            return f"{before + index + 1}. {bars}{self.said}"
        cites = ", ".join(_number(place, before) for place in self.cites)
        return f"{before + index + 1}. {bars}{self.said} by {self.rule} {cites}".rstrip()


def _number(place: Place, before: int) -> str:
    if isinstance(place, tuple):
        return f"{_number(place[0], before)}-{_number(place[1], before)}"
    return str(before + place + 1 if place >= 0 else -place)


class Proven(NamedTuple):
    """A theorem with a proof of it."""

    theorem: Theorem
    premises: tuple[str, ...]
    goal: str
    steps: tuple[Step, ...]

    def proof(self, after: int | None = None) -> str:
        """Return the proof as text, behind `after` lines; behind the premises by default."""
        before = len(self.premises) if after is None else after
        return "\n".join(step.text(index, before) for index, step in enumerate(self.steps))


def draw_theorem(rng: random.Random, steps: int = 6, logic: str = "propositional") -> Proven:
    """Draw a theorem whose reference proof has about so many lines: at least `steps`, at most half as many more.

    Args:
        rng: the only chance. steps: at least 1. logic: one of `LOGICS`.
    """
    words = Vocabulary(rng, logic)
    while True:
        draft = Draft(rng, words)
        goal = words.formula(rng.randint(0, 2))
        draft.prove(goal, steps)
        if steps <= len(draft.steps) <= steps * 1.5 + 1 and draft.worth_asking(goal):
            break
    premises, shown = tuple(map(written, draft.premises)), written(goal)
    lines = [
        Step(bars, said if isinstance(said, str) else written(said), rule, cites)
        for bars, said, rule, cites in draft.steps
    ]
    return Proven(Theorem(f"{', '.join(premises)} |- {shown}".strip()), premises, shown, tuple(lines))
