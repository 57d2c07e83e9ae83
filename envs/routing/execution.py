"""How is a plan carried out? Steps begin when those before them are done; several experts work side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from syllogym.envs.routing.budget import Purse
from syllogym.envs.routing.plan import Plan
from syllogym.envs.routing.pool import ExpertPool, ExpertReply, Question
from syllogym.envs.tree.usage import Usage
from syllogym.envs.waiting import Soon, then, together


class Call(NamedTuple):
    """One step as it was solved; no model where nobody was asked."""

    step: int
    model: str | None
    asked: str
    said: str
    usage: Usage | None = None


class Execution:
    """A plan under way.

    Args:
        plan: the steps. models: who solves each of them, None for nobody: it has no result then.
        question: says what an expert is asked, given a step and the results so far.
        purse: pays for the calls; one that it cannot afford is not made.

    Attributes:
        results: of the steps that are done. calls: in the order they were done.
    """

    def __init__(
        self,
        plan: Plan,
        models: Sequence[str | None],
        question: Callable[[int, dict[int, str]], Question],
        purse: Purse,
    ) -> None:
        self.plan, self.models, self.question, self.purse = plan, list(models), question, purse
        self.results: dict[int, str] = {}
        self.calls: list[Call] = []
        self._ends: dict[int, float] = {}

    @property
    def seconds(self) -> float:
        """How long it takes: the longest way through the plan, since steps that can do run side by side."""
        return max(self._ends.values(), default=0.0)

    def ready(self) -> list[int]:
        """Return the steps that can begin now."""
        steps = enumerate(self.plan.steps)
        return [at for at, step in steps if at not in self.results and all(one in self.results for one in step.after)]

    def run(self, pool: ExpertPool, seed: int) -> Soon[None]:
        """Ask the experts of a pool, those whose steps are ready at once, until every step is done."""
        wave = self.ready()
        if not wave:
            return None
        asked = []
        for at in wave:
            if self.admit(at, pool):
                question = self.question(at, self.results)
                reply = pool.ask(str(self.models[at]), question, max_tokens=self.purse.max_tokens, seed=seed)
                asked.append((at, question, reply))

        def heard(replies: list[ExpertReply]) -> Soon[None]:
            for (at, question, _), reply in zip(asked, replies, strict=True):
                self.book(at, question, reply.text.strip(), reply.usage)
            return self.run(pool, seed)

        return then(together([reply for _, _, reply in asked]), heard)

    def admit(self, at: int, pool: ExpertPool) -> bool:
        """Say whether somebody is asked a step that is ready; where nobody is, it is done without a result."""
        model, question = self.models[at], self.question(at, self.results)
        if model is not None and self.purse.affords(pool, model, question):
            return True
        self.results[at] = "?"
        self._ends[at] = self._begins(at)
        self.calls.append(Call(at, None, question.text, "?"))
        return False

    def book(self, at: int, question: Question, said: str, usage: Usage) -> None:
        """Write down what an expert replied to a step, and pay for it."""
        self.purse.spend(usage)
        self.results[at] = said or "?"
        self._ends[at] = self._begins(at) + usage.seconds
        self.calls.append(Call(at, self.models[at], question.text, said, usage))

    def _begins(self, at: int) -> float:
        return max((self._ends[one] for one in self.plan.steps[at].after), default=0.0)
