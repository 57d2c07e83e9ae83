"""Which plan and which allocation should a router imitate before it learns by trial? R2-Reasoner's labels.

R2-Reasoner (arXiv 2506.05901) scores candidate plans by conciseness, practicality and coherence, labels steps by a
search through groups of models, imitates both, and then trains decomposer and allocator in turn. Its weights and
thresholds are not published: the scales and defaults here are ours, and so is what counts as incoherent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

from syllogym.envs.routing.plan import Plan
from syllogym.envs.routing.pool import Question
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.worth import Delegated, parts_of
from syllogym.errors import UserError


@dataclass(frozen=True, slots=True)
class Shaping:
    """What is taken off for the shape of a plan; nothing by default.

    Attributes:
        concise: for each step, `steps` of them being the measure. practical: for each token that experts used, `tokens`
        being the measure. coherent: for each pair of neighbours of which the second does not use the first.
    """

    concise: float = 0.0
    practical: float = 0.0
    coherent: float = 0.0
    steps: float = 1.0
    tokens: float = 1000.0

    def __post_init__(self) -> None:
        for name in ("concise", "practical", "coherent"):
            value = getattr(self, name)
            if not (isfinite(value) and value >= 0):
                raise UserError(f"shaping.{name} is 0 or more; it is {value!r}.")
        if not (self.steps > 0 and self.tokens > 0):
            raise UserError("shaping.steps and shaping.tokens are measures, above 0.")

    def parts(self, steps: int, tokens: float, incoherent: int) -> dict[str, float]:
        """Return the parts of the reward that are not 0."""
        off = {
            "concise": self.concise * steps / self.steps,
            "practical": self.practical * tokens / self.tokens,
            "coherent": self.coherent * incoherent,
        }
        return {name: -value for name, value in off.items() if value}

    def score(self, correct: float, steps: int, tokens: float, incoherent: int) -> float:
        """Return what a candidate plan is worth: 1 where it leads to the right answer, less its shape."""
        return correct + sum(self.parts(steps, tokens, incoherent).values())


def grouped_search(
    start: Sequence[int],
    ladder: Sequence[str],
    first_wrong: Callable[[Sequence[str]], int | None],
    evaluations: int = 64,
) -> list[str]:
    """Return a cheap allocation that still leads to the right answer, as far as `evaluations` go.

    All steps begin on the rung of their difficulty. While the answer is wrong the first step that fails goes up a rung;
    then one step after the other goes down, as long as the answer stays right.

    Args:
        start: a rung for each step. ladder: models, by group, and in a group by price.
        first_wrong: returns the first step that fails under an allocation, None where the answer is right.
    """
    rungs = list(start)
    asked = 0

    def wrong() -> int | None:
        nonlocal asked
        asked += 1
        return first_wrong([ladder[rung] for rung in rungs])

    failed = wrong()
    while failed is not None and asked < evaluations and rungs[failed] + 1 < len(ladder):
        rungs[failed] += 1
        failed = wrong()
    for at in range(len(rungs)):
        while failed is None and rungs[at] > 0 and asked < evaluations:
            rungs[at] -= 1
            if wrong() is not None:
                rungs[at] += 1
                break
    return [ladder[rung] for rung in rungs]


def labelled(pool: ScriptedPool, plans: Iterable[Plan], shaping: Shaping) -> Delegated:
    """Return the plan with the best score, and its allocation by grouped search.

    Plans are tried with the strongest expert of all. A step counts as solved where that is more likely than not.
    """
    ladder = _ladder(pool)
    scored = []
    for plan in plans:
        questions = parts_of(plan)
        right = all(_solves(pool, ladder[-1], question) for question in questions)
        tokens = sum(pool.scripts[ladder[-1]].usage(question).tokens for question in questions)
        scored.append((shaping.score(float(right), len(plan.steps), tokens, plan.incoherent), plan, questions))
    score, plan, questions = max(scored, key=lambda one: one[0])

    def first_wrong(models: Sequence[str]) -> int | None:
        pairs = enumerate(zip(models, questions, strict=True))
        return next((at for at, (model, question) in pairs if not _solves(pool, model, question)), None)

    start = [min(int(question.difficulty * len(ladder)), len(ladder) - 1) for question in questions]
    return Delegated(plan, tuple(grouped_search(start, ladder, first_wrong)), score)


def _ladder(pool: ScriptedPool) -> list[str]:
    return sorted(pool.scripts, key=lambda name: pool.scripts[name].card.cost(0, 1000))


def _solves(pool: ScriptedPool, model: str, question: Question) -> bool:
    return question.answer is not None and pool.expected(model, question)[0] >= 0.5
