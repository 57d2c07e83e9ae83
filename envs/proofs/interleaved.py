"""Can the agent reason its way to a proof, formal snippets between its words, and repair it when it is told an error?

The pattern of Kimina-Prover (`syllogym.envs.proofs.interleaving`) with natural deduction in the place of Lean, and
theorems so small that a model made from nothing can learn it: letters, implications between them, a letter to prove.
"""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.deduction.checker import NaturalDeduction
from syllogym.envs.proofs.horn_theory import draw_theory
from syllogym.envs.proofs.interleaving import interleaved
from syllogym.envs.proofs.prover import Theorem
from syllogym.errors import check_range

HOW = """\
Reason between <think> and </think>, and write each step of the proof there as soon as you have it, between ```tactics
and ```. Behind it write the whole proof between ```proof and ```. A line of it: 5 b by impE 3 1 (line 3 says a -> b,
line 1 says a)."""
"""How a prompt tells what is asked for."""


@register()
class Interleaved(TextEnv):
    """Shown ``1. a``, ``2. c -> d``, ``3. a -> c``, prove d: go over the implications, write lines, put them together.

    The part `proved` is paid for a proof that the kernel accepts in a reply that keeps the pattern, `format` for the
    pattern alone. A wrong proof is told its first wrong line, and the theorem again.

    Options:
        steps: implications that the shortest proof takes. traps: implications from what can never be had.
        detours: implications that can be used and lead nowhere. tries: proofs that may be said.
        format: share of the reward that is paid for the pattern. explain: tell how it goes.
    """

    levels = {"steps": (1, 2, 3, 4, 6)}

    def on_reset(
        self,
        rng: random.Random,
        steps: int = 3,
        traps: int = 2,
        detours: int = 0,
        tries: int = 2,
        format: float = 0.1,
        explain: bool = True,
    ) -> str:
        check_range("steps", steps, 1, 16)
        check_range("traps", traps, 0, 8)
        check_range("detours", detours, 0, 8)
        check_range("tries", tries, 1, 100)
        self.theory = draw_theory(rng, steps, 1, traps, detours)
        self.tries, self.format = tries, format
        clauses = [f"{clause.body} -> {clause.head}" for clause in self.theory.clauses]
        self.premises = (*self.theory.facts, *clauses)
        self.theorem = Theorem(f"{', '.join(self.premises)} |- {self.theory.goal}")
        return f"{HOW}\n{self._shown()}" if explain else self._shown()

    def on_step(self, reply: Reply) -> Turn:
        said = interleaved(reply, final="proof")
        verdict = NaturalDeduction().check(self.theorem, said.proof)
        proved, wrong = verdict.proved and not said.wrong, said.wrong or verdict.message
        if proved or self.turn + 1 == self.tries:
            earned = Reward(proved=proved * (1.0 - self.format), format=self.format * (not said.wrong))
            return Turn(wrong, earned, over=True, wrong=wrong)
        place = "" if said.wrong else f"Line {len(self.premises) + verdict.valid_steps + 1}: "
        return Turn(f"{place}{wrong}\n{self._shown()}", wrong=wrong)

    def _shown(self) -> str:
        given = (f"{place}. {premise}" for place, premise in enumerate(self.premises, 1))
        return "\n".join((*given, f"Prove {self.theory.goal}"))

    def solve(self) -> str:
        return self._reasoned(random.Random(0), 0.0)

    def slip(self, rng: random.Random, rate: float) -> str:
        """Take, with chance `rate`, the last line for what is needed and not had: a hasty prover."""
        return self._reasoned(rng, rate)

    def _reasoned(self, rng: random.Random, rate: float) -> str:
        """Go over the implications, round and round, until the goal is had; say of each what it needs, and its line."""
        had = {fact: place for place, fact in enumerate(self.theory.facts, 1)}
        last, lines = len(self.premises), list[str]()
        thoughts = [f"{fact} {place}" for fact, place in had.items()]
        while self.theory.goal not in had:
            for place, clause in enumerate(self.theory.clauses, len(self.theory.facts) + 1):
                if clause.head in had or self.theory.goal in had:
                    continue
                found = had.get(clause.body) or (last if rng.random() < rate else 0)
                thoughts.append(f"{place} {clause.body} {found or '-'}")
                if found:
                    last += 1
                    had[clause.head] = last
                    lines.append(f"{last} {clause.head} by impE {place} {found}")
                    thoughts[-1] += f", {clause.head} {last}"
                    thoughts += ["```tactics", lines[-1], "```"]
        return "\n".join(("<think>", *thoughts, "</think>", "```proof", *lines, "```"))
