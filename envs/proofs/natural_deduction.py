"""Can the agent prove a drawn theorem in natural deduction, whole or line by line, checked by a kernel?"""

from __future__ import annotations

import random
import re

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.deduction.checker import NaturalDeduction as Checker
from syllogym.envs.proofs.deduction.drawn_formulas import LOGICS
from syllogym.envs.proofs.deduction.rules import rules_shown
from syllogym.envs.proofs.deduction.theorems import draw_theorem
from syllogym.envs.proofs.prover import WrongStep
from syllogym.errors import check_range

_FENCED = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)
_CITED = re.compile(r"\d+(?=[\d, -]*$)")

HOW = f"""\
A proof is written a line for each formula: its number, a bar for each box it stands in, the formula, by, a rule, and
the lines or boxes it cites. `by assume` opens a box, so does `let c` alone (any c), or `A(c) by let c` (a c of which A
holds); fewer bars close it.
1. p -> q
2. | p  by assume
3. | q  by impE 1, 2
4. | q \\/ r  by orI 3
5. p -> q \\/ r  by impI 2-4
{rules_shown()}"""
"""How a prompt tells what a proof looks like."""


@register()
class NaturalDeduction(TextEnv):
    """Shown premises and a conclusion, write a proof; see `syllogym.envs.proofs.deduction.kernel` for its form.

    The part `proved` is paid for the proof, `valid` for the share of right lines before the first wrong one.

    Options:
        steps: lines of the shortest proof known, about. logic: ``propositional``, ``first-order`` or ``equality``.
        by_line: one line a turn; the proof so far is shown again. A wrong line is told, and leaves the proof as it is.
        tries: wrong proofs, or wrong lines, after which the episode ends.
        process: share of the reward that is paid for valid lines.
        explain: tell the rules.
    """

    levels = {"logic": LOGICS, "steps": (2, 4, 6, 9, 13)}

    def on_reset(
        self,
        rng: random.Random,
        steps: int = 6,
        logic: str = "propositional",
        by_line: bool = False,
        tries: int = 1,
        process: float = 0.1,
        explain: bool = True,
    ) -> str:
        check_range("steps", steps, 1, 40)
        check_range("tries", tries, 1, 100)
        self.proven = draw_theorem(rng, steps, logic)
        self.by_line, self.tries, self.process = by_line, tries, process
        self.checker = Checker()
        self.state = self.checker.open(self.proven.theorem)
        self.given = len(self.proven.premises)
        self.begun, self.followed, self.wrong = self.given, 0, 0
        ask = "Write its next line." if by_line else f"Write it from line {self.given + 1} on."
        return f"{HOW}\n\n{self._shown()}\n{ask}" if explain else self._shown()

    def on_step(self, reply: Reply) -> Turn | str:
        return self._line(reply.strip()) if self.by_line else self._proof(reply)

    def _proof(self, reply: str) -> Turn | str:
        """Check a whole proof: the last fenced block of the reply, or all of it."""
        blocks = _FENCED.findall(reply)
        proof = blocks[-1] if blocks else reply
        verdict = self.checker.check(self.proven.theorem, proof)
        self.wrong += not verdict.proved
        if verdict.proved or self.wrong >= self.tries:
            lines = sum(bool(line.strip()) for line in proof.split("\n"))
            return self._over(verdict.proved, verdict.valid_steps / max(1, lines), verdict.message)
        return f"Line {verdict.line} of your proof is wrong: {verdict.message}\n{self._shown()}"

    def _line(self, line: str) -> Turn | str:
        """Take one line."""
        expected, place = self._expected(), len(self._lines)
        try:
            self.state = self.checker.apply(self.state, line)
        except WrongStep as wrong:
            self.wrong += 1
            if self.wrong >= self.tries:
                return self._over(False, (place - self.given) / (place - self.given + self.wrong), str(wrong))
            return f"{wrong}\n{self._shown()}"
        self.followed += 1
        if line != expected:  # the solver begins again behind it
            self.begun, self.followed = place + 1, 0
        return self._shown() if self.state.goals else self._over(True, 1.0)

    def _over(self, proved: bool, share: float, message: str = "") -> Turn:
        reward = Reward(proved=proved * (1.0 - self.process), valid=share * self.process)
        return Turn(message, reward, over=True, message=message)

    @property
    def _lines(self) -> list[str]:
        return [*(f"{place}. {premise}" for place, premise in enumerate(self.proven.premises, 1)), *self.state.steps]

    def _shown(self) -> str:
        return "\n".join((f"Prove {self.proven.goal}", *self._lines))

    def _expected(self) -> str:
        """Return the line that the reference proof goes on with."""
        steps = self.proven.steps
        return steps[self.followed].text(self.followed, self.begun) if self.followed < len(steps) else ""

    def solve(self) -> str:
        return self._expected() if self.by_line else self.proven.proof()

    def slip(self, rng: random.Random, rate: float) -> str:
        """Cite, with chance `rate` a number, another line than meant."""

        def other(number: re.Match[str]) -> str:
            return str(rng.randint(1, int(number[0]) + 1)) if rng.random() < rate else number[0]

        return "\n".join(_CITED.sub(other, line) for line in self.solve().split("\n"))
