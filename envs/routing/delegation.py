"""Can a task be split, given away and put together again?

A decomposer plans, an allocator chooses experts for the steps, the experts solve them, side by side where they can, and
an aggregator answers: R2-Reasoner's pipeline (arXiv 2506.05901), with plans that are graphs instead of chains.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from syllogym.envs import Reply, Reward, TeamEnv, Turn, register
from syllogym.envs.answers import extract
from syllogym.envs.routing import delegation_prompts as prompts
from syllogym.envs.routing.advice import Advice
from syllogym.envs.routing.allocation import Allocation, every, in_letters, in_lines, read_allocation, read_letters
from syllogym.envs.routing.asked import draw
from syllogym.envs.routing.budget import Purse, paid_by
from syllogym.envs.routing.execution import Execution
from syllogym.envs.routing.experts import TIERS, open_pool
from syllogym.envs.routing.plan import Plan, Step, cut, cuts, read_plan
from syllogym.envs.routing.pool import ExpertPool, Question
from syllogym.envs.routing.posed import Posed, known_of
from syllogym.envs.routing.r2 import Shaping
from syllogym.envs.routing.scripted import ScriptedPool
from syllogym.envs.routing.shares import WAYS
from syllogym.envs.routing.sums import Sums, part_of
from syllogym.envs.routing.worth import Delegated
from syllogym.envs.tree.actions import Refused
from syllogym.envs.tree.search import usage_of
from syllogym.envs.waiting import Soon, then
from syllogym.errors import UserError, check_choice


@register()
class Delegation(TeamEnv):
    """Split a task into steps, choose an expert for each, and answer from what they find.

    Options:
        task, task_options: the environment that asks the question.
        experts: who can be asked (see `syllogym.envs.routing.experts`).
        form: ``text``, or ``short``, for sums: one line prompts and replies that can be listed.
        executor: an expert that does every step; nobody allocates then (planner and executor).
        pay, weight, gated, scale: how money counts, see `syllogym.envs.routing.pay.Pay`.
        own_price: dollars for a million tokens that the team says itself.
        invalid: taken off from who says what cannot be read, or names an expert that is not there.
        tries: plans that may be refused before the episode ends.
        max_steps: of a plan. budget: dollars that an episode can spend on experts; a call that might exceed them is not
            made. max_tokens: of an expert's reply.
        shaping: what the decomposer is paid for the shape of its plan (see `syllogym.envs.routing.r2.Shaping`).
        by_step: ``difference`` or ``shapley`` pays the allocator for each step's model where it names it, in
            expectation (see `syllogym.envs.routing.shares`), and not for the answer. Experts are scripted then.
        labels: what the reference solver shows: the ``best`` delegation, or what ``r2`` would label.
    """

    agents: tuple[str, ...] = ("decomposer", "allocator", "aggregator")
    roles: ClassVar[tuple[str, ...]] = ("decomposer", "allocator", "aggregator")
    """Who is paid for the answer."""

    def on_reset(
        self,
        rng: random.Random,
        task: str = "routing/sums",
        task_options: Mapping[str, Any] | None = None,
        experts: Any = TIERS,
        form: str = "text",
        executor: str | None = None,
        pay: str = "linear",
        weight: float = 0.0,
        gated: bool = True,
        scale: Sequence[float] | None = None,
        own_price: float = 0.0,
        invalid: float = 0.5,
        tries: int = 2,
        max_steps: int = 8,
        budget: float | None = None,
        max_tokens: int | None = 600,
        shaping: Mapping[str, float] | None = None,
        by_step: str | None = None,
        labels: str = "best",
    ) -> dict[str, str]:
        check_choice("form", form, ("text", "short"))
        check_choice("labels", labels, ("best", "r2"))
        check_choice("by_step", by_step, (None, *WAYS))
        self.experts, self.short, self.executor, self.labels = experts, form == "short", executor, labels
        self.by_step = by_step
        names = self.names  # opens the pool, so that a wrong description is told at once
        if executor is not None:
            check_choice("executor", executor, names)
        self.paying = paid_by(pay, weight, gated, budget, scale)
        self.own_price, self.invalid, self.tries, self.max_steps = own_price, invalid, tries, max_steps
        self.shaping = Shaping(**(shaping or {}))
        self.purse = Purse(budget, max_tokens)
        self.asked = draw(rng, task, task_options)
        if self.short and self.sums is None:
            raise UserError(f"form: short is for routing/sums alone; {task} wants text.")
        if by_step and self.advice is None:
            raise UserError("by_step: what a step's model is worth is known only of sums that scripted experts solve.")
        self.chance = rng.getrandbits(62)
        self.stage, self.refusals, self.unknown, self.own_tokens = "decomposer", 0, 0, 0
        self.counts, self.ledger = {}, []
        self.plan: Plan | None = None
        self.execution: Execution | None = None
        return {"decomposer": self._task() if self.short else prompts.for_decomposer(self._task(), max_steps)}

    @property
    def pool(self) -> ExpertPool:
        """Who can be asked."""
        return open_pool(self.experts)

    @property
    def names(self) -> list[str]:
        """Names of the experts."""
        return [card.name for card in self.pool.cards]

    @property
    def sums(self) -> Sums | None:
        """The task where its parts have answers that are known."""
        return self.asked.env if isinstance(self.asked.env, Sums) else None

    def to_act(self) -> Sequence[str]:
        return (self.stage,)

    def on_step(self, agent: str, reply: Reply) -> Soon[Turn]:
        self.own_tokens += usage_of(reply).completion
        if agent == "decomposer":
            return self._planned(reply)
        if agent == "allocator":
            return self._allocated(reply)
        return self._answered(reply)

    def posed(self) -> Posed:
        """Return the task, and what everybody's reply to the whole of it is worth and costs."""
        return Posed(self.asked.question, known_of(self.pool, self.asked.question, self.chance))

    def choices(self, agent: str) -> Sequence[str] | None:
        """List every plan and every allocation, in the short form."""
        if not self.short or agent == "aggregator":
            return None
        assert self.sums is not None
        if agent == "decomposer":
            return [plan for plan in cuts(self.sums.text) if plan.count("|") < self.max_steps]
        assert self.plan is not None
        return list(every(len(self.plan.steps), self.names))

    def solve(self, agent: str) -> str:
        """Do as the labels say; answer rightly."""
        if agent == "aggregator":
            return self._right()
        if agent == "decomposer":
            shown = self._label()
            return "|".join(step.text for step in shown.plan.steps) if self.short else str(shown.plan)
        assert self.plan is not None
        models = self._label(self.plan).models
        return in_letters(models, self.names) if self.short else in_lines(models)

    @property
    def advice(self) -> Advice | None:
        """What is known beforehand of delegations; None where nobody can know."""
        pool = self.pool
        if self.sums is None or not isinstance(pool, ScriptedPool):
            return None
        pool = pool.only(self.executor) if self.executor else pool
        return Advice(self.sums.text, pool, self.paying, self.purse.budget, self.max_steps, self.short, self.shaping)

    def _task(self) -> str:
        return self.sums.text if self.short and self.sums else self.asked.question.text

    def _label(self, plan: Plan | None = None) -> Delegated:
        """Return the plan and allocation that the solver shows; of one plan, where one is given."""
        if advice := self.advice:
            return advice.label(self.labels, plan)
        plan = plan or Plan((Step("Solve the task."),))
        dearest = max(self.pool.cards, key=lambda card: card.cost(100, 100)).name
        return Delegated(plan, (dearest,) * len(plan.steps), 0.0)

    def _planned(self, reply: Reply) -> Soon[Turn]:
        try:
            if self.short:
                assert self.sums is not None
                self.plan = cut(reply, self.sums.text)
                if len(self.plan.steps) > self.max_steps:
                    raise Refused(f"There are {len(self.plan.steps)} steps; up to {self.max_steps} are allowed.")
            else:
                self.plan = read_plan(reply, self.max_steps)
        except Refused as error:
            self.refusals += 1
            over = self.refusals >= self.tries
            self.counts = self._counted() if over else {}
            return Turn(
                {"decomposer": str(error)}, {"decomposer": Reward(format=-self.invalid)}, over, refused=str(error)
            )
        if self.executor is not None:
            return self._carry_out(Allocation((self.executor,) * len(self.plan.steps)))
        self.stage = "allocator"
        short = "|".join(step.text for step in self.plan.steps)
        return Turn(
            {"allocator": short if self.short else prompts.for_allocator(self._task(), self.plan, self.pool.cards)}
        )

    def _allocated(self, reply: Reply) -> Soon[Turn]:
        assert self.plan is not None
        read = read_letters if self.short else read_allocation
        return self._carry_out(read(reply, len(self.plan.steps), self.names))

    def _carry_out(self, allocation: Allocation) -> Soon[Turn]:
        assert self.plan is not None
        self.unknown = len(allocation.wrong)
        self.execution = Execution(self.plan, allocation.models, self._question, self.purse)
        tell = {"allocator": "\n".join(allocation.wrong)}
        wrong = {"format": -self.invalid} if allocation.wrong else {}
        reward = Reward(spans=self._credited(allocation), **wrong)
        return then(self._solved(), lambda told: Turn({**tell, **told}, {"allocator": reward}))

    def _credited(self, allocation: Allocation) -> list[tuple[int, int, float]]:
        """Return what each step's model is worth, where it stands in the allocator's reply."""
        if self.by_step is None or self.plan is None or (advice := self.advice) is None:
            return []
        values = advice.credit(self.by_step, self.plan, allocation.models)
        return [(*place, value) for place, value in zip(allocation.places, values, strict=False) if place]

    def _solved(self) -> Soon[dict[str, str]]:
        """Have the experts solve the steps; return who is told what then."""
        assert self.execution is not None
        return then(self.execution.run(self.pool, self.chance), lambda _: self._collected())

    def _collected(self) -> dict[str, str]:
        assert self.execution is not None and self.plan is not None
        self.stage = "aggregator"
        results = [self.execution.results[at] for at in range(len(self.plan.steps))]
        told = "|".join(results) if self.short else prompts.for_aggregator(self._task(), self.plan, results)
        return {"aggregator": told}

    def _question(self, at: int, results: dict[int, str]) -> Question:
        """Return what an expert is asked."""
        assert self.plan is not None
        text = self.plan.text(at, results)
        if self.advice is not None:
            return part_of(text)
        whole = self.asked.question
        answer = whole.answer if len(self.plan.steps) == 1 else None
        known = {before: results[before] for before in self.plan.steps[at].after}
        asked = prompts.for_expert(whole.text, text, known)
        return replace(whole, text=asked, answer=answer)

    def _answered(self, reply: Reply) -> Soon[Turn]:
        said = reply.strip() if self.short else extract(reply, "tag") or reply.strip()
        return then(self.asked.grade(said), self._paid)

    def _paid(self, quality: float) -> Turn:
        """Pay everybody for the answer and what it cost, and the decomposer for the shape of its plan too."""
        assert self.execution is not None and self.plan is not None
        run, spent = self.execution, self.purse.spent
        # What decomposer, allocator and aggregator say is no more free than what experts say.
        dollars = spent.money + self.own_tokens * self.own_price / 1e6
        everybody = self.paying.reward(quality, dollars)
        shape = self.shaping.parts(len(self.plan.steps), spent.tokens, self.plan.incoherent)
        rewards: dict[str, float] = dict.fromkeys(self.roles, everybody)
        if shape:
            parts: dict[str, Any] = {**everybody.parts, **shape}
            rewards["decomposer"] = Reward(**parts)
        if self.by_step:
            del rewards["allocator"]
        self.counts = self._counted(dollars)
        self.ledger = [(call.model, call.asked, call.usage.money) for call in run.calls if call.model and call.usage]
        return Turn("", rewards, over=True, calls=run.calls)

    def _counted(self, dollars: float = 0.0) -> dict[str, float]:
        """Return what is counted of an episode; `seconds` go by the longest way through the plan."""
        run, regret = self.execution, self.regret()
        return {
            "dollars": dollars,
            "calls": float(self.purse.spent.calls),
            "seconds": run.seconds if run else 0.0,
            "unknown": float(self.unknown),
            "refused": float(self.purse.refused),
            **({} if regret is None else {"regret": regret}),
        }

    def regret(self) -> float | None:
        """Return how much less than the best this delegation is expected to be paid; None where nobody can know."""
        advice, run = self.advice, self.execution
        if advice is None:
            return None
        return advice.regret(run.plan, run.models) if run else advice.regret(None, ())

    def _right(self) -> str:
        """Return the aggregator's answer: of the results alone in the short form, where it sees nothing else."""
        assert self.plan is not None and self.execution is not None
        found = [self.execution.results[at] for at in self.plan.sinks]
        whole = self.asked.question
        answer = self.sums.joined(found) if self.sums is not None else whole.answer or found[-1]
        return answer if self.short else f"<answer>{answer}</answer>"
