"""How is a question graded whose answer is a program? By tests in the sandbox, some shown to the agent, others not."""

from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

from syllogym.envs.code.boxes import box, opened
from syllogym.envs.code.efficiency import check_measurable, waste
from syllogym.envs.code.replies import ASK, as_reply, program_in
from syllogym.envs.code.sandbox import Call, Expression, Limits, Outcome, Stdin, Verdict
from syllogym.envs.code.sandbox.cases import Test, expected_text, size
from syllogym.envs.question import Question
from syllogym.envs.values import Fault, Reply, Reward, Turn
from syllogym.envs.waiting import Soon, then

_TOLD = 3
_LINE = re.compile(r"\(line (\d{1,9})\)$")


class Task(NamedTuple):
    """What a program is put to.

    Attributes:
        solution: a program that passes; empty where none is known.
        hidden: tests that the agent does not see. shown: tests that it sees, in the prompt and in feedback.
        setup: trusted source that is run after the program, before the tests.
        given: trusted source that is run before the program: imports and functions that come with the question.
        room: bytes that a run may print or return.
    """

    solution: str
    hidden: tuple[Test, ...]
    shown: tuple[Test, ...] = ()
    setup: str = ""
    given: str = ""
    room: int = 1 << 20

    def roomy(self) -> Task:
        """Return itself with room for twice the right answers.

        Raises:
            UserError: if one of them is not plain data.
        """
        tests = (*self.shown, *self.hidden)
        known = [len(expected_text(test)) for test in tests if isinstance(test, Call | Expression)]
        known += [len(test.expected) for test in tests if isinstance(test, Stdin)]
        return self._replace(room=max(self.room, 2 * sum(known)))

    def whole(self, program: str) -> str:
        """Return a program behind what is given; one that must come first, for its ``__future__``, stays alone."""
        return program if not self.given or "from __future__" in program else f"{self.given}\n{program}"


class Programming(Question):
    """A question whose answer is a program. Write `draw`, which returns a question and a `Task`.

    Its own options come before those of `draw`:
        partial: pay the share of hidden tests that pass, instead of 1.0 for all tests and nothing otherwise.
        format: what is taken off a reply that holds no program in the form asked for; reward part `format`.
        efficiency: what is taken off, at most, a program that passes and takes more processor time than the known
            solution (see `syllogym.envs.code.efficiency`); reward part `efficiency`.
        seconds: bound of a run, of wall clock and of processor time.
        isolation: of the sandbox (see `syllogym.envs.code.sandbox.Sandbox`).
    """

    answer_in = "plain"
    answer: Task
    partial, format, efficiency, seconds, isolation = False, 0.0, 0.0, 3.0, "auto"
    status = message = ""
    outcomes: tuple[Outcome, ...] = ()

    def on_reset(
        self,
        rng: random.Random,
        *,
        partial: bool = False,
        format: float = 0.0,
        efficiency: float = 0.0,
        seconds: float = 3.0,
        isolation: str = "auto",
        **options: Any,
    ) -> str:
        """Draw the task and ask for a program."""
        opened(isolation)
        self.partial, self.format, self.efficiency = partial, format, efficiency
        self.seconds, self.isolation = seconds, isolation
        self.status, self.message, self.outcomes = "", "", ()
        question = super().on_reset(rng, **options)
        if efficiency:
            check_measurable(isolation, self.answer.solution)
        return f"{question}\n{ASK}"

    async def grade(self, reply: str, answer: Task) -> float:
        program = program_in(reply)
        if program is None:
            self.status, self.message, self.outcomes = "none", "The reply holds no finished block of Python.", ()
            return Reward(correct=0.0, format=0.0 - self.format)
        verdict = await self._run(program, answer)
        self.status, self.outcomes = verdict.status, verdict.outcomes
        self.message = "" if verdict.status in ("passed", "failed") else f"{verdict.status}: {verdict.message}"
        correct = self._earned(verdict, sum(map(size, answer.shown)))
        if not self.efficiency:
            return Reward(correct=correct, format=0.0)
        wasted = await self._waste(verdict, answer) if verdict.passed else 0.0
        return Reward(correct=correct, format=0.0, efficiency=0.0 - self.efficiency * wasted)

    async def _run(self, program: str, answer: Task) -> Verdict:
        limits = Limits(wall=self.seconds, cpu=self.seconds, output=answer.room)
        tests = [*answer.shown, *answer.hidden]
        running = box(self.isolation).arun(answer.whole(program), tests, setup=answer.setup, limits=limits)
        return (await running).checked()

    async def _waste(self, verdict: Verdict, answer: Task) -> float:
        """Return what share of `efficiency` a program that passed is not paid."""
        known = await self._run(answer.solution, answer)
        if not known.passed:
            raise Fault(f"The known solution does not pass, which it must where efficiency is paid: {known.message}")
        wasted = waste(verdict.cpu, known.cpu)
        if wasted:
            self.message = "It passes all tests, but takes far more processor time than it needs to."
        return wasted

    def _earned(self, verdict: Verdict, shown: int) -> float:
        if verdict.passed or not self.partial or verdict.status == "violation":
            return float(verdict.passed)
        hidden = verdict.outcomes[shown:] or verdict.outcomes  # what the prompt shows can be answered by rote
        return min(sum(outcome.passed for outcome in hidden) / len(hidden), 0.99)  # all hidden, but not all shown

    def solution(self, answer: Task) -> str:
        if not answer.solution:
            raise NotImplementedError("no solution of this problem is known")
        return as_reply(answer.solution)

    def feedback(self, reply: str, answer: Task) -> str:
        """Tell how the shown tests went, and of the hidden ones only that some fail. Lines are those of the reply."""
        names = [name for test in answer.shown for name in [_named(test)] * size(test)]
        failed = [f"{name} {one.message}" for name, one in zip(names, self.outcomes, strict=False) if not one.passed]
        told = [self.message] if self.message else failed[:_TOLD]
        program = program_in(reply) or ""
        before = answer.whole(program).count("\n") - program.count("\n")
        told = [_LINE.sub(lambda line: f"(line {max(1, int(line[1]) - before)})", one) for one in told]
        return "\n".join((*(told or ["What you were shown is right, but other tests fail."]), "Try again."))

    def on_step(self, reply: Reply) -> Soon[Turn]:
        """Grade the reply; ``info["verdict"]`` is the sandbox's status, or ``none`` for a reply without a program."""
        return then(super().on_step(reply), self._noted)

    def _noted(self, turn: Turn) -> Turn:
        turn.info["verdict"] = self.status
        return turn


def _named(test: Test) -> str:
    if isinstance(test, Call):
        keywords = (f"{name}={value!r}" for name, value in test.keywords.items())
        return f"{test.function}({', '.join((*map(repr, test.arguments), *keywords))})"
    if isinstance(test, Expression):
        return test.source
    return f"For the input {test.stdin!r} it" if isinstance(test, Stdin) else ""
