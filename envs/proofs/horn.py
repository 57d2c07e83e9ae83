"""Can the agent prove a letter from facts and Horn clauses, one clause a turn, forwards or backwards?"""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.horn_theory import derivation, draw_theory, heads
from syllogym.errors import check_choice, check_range


@register()
class Horn(TextEnv):
    """Shown ``ab?e ab>c ce>f ac>e``: a and b hold, e is to be proved, a and b together give c, and so on.

    Forwards, a turn says the next letter that follows: ``c``, then ``abc?e ...`` is shown. Backwards, a turn says the
    body of a clause for the first letter to be proved: ``ac``, then ``ab?c ...`` is shown, for a holds. Whatever does
    not follow ends the episode unpaid; so does a turn more than there are clauses. Only the proof is paid, at its end.

    Options:
        steps: clauses that the shortest proof takes. traps: clauses of which a letter can never be had.
        detours: clauses that can be used and lead nowhere.
        chaining: ``forward`` or ``backward``. whole: all turns in one reply, separated by blanks.
    """

    levels = {"steps": (1, 2, 3, 4, 6)}

    def on_reset(
        self,
        rng: random.Random,
        steps: int = 3,
        traps: int = 2,
        detours: int = 1,
        chaining: str = "forward",
        whole: bool = False,
    ) -> str:
        check_range("steps", steps, 1, 20)
        check_range("traps", traps, 0, 20)
        check_range("detours", detours, 0, 20)
        check_choice("The direction of chaining", chaining, ("forward", "backward"))
        self.theory = draw_theory(rng, steps, traps, detours)
        self.forward, self.whole = chaining == "forward", whole
        self.known, self.goals = self.theory.facts, self.theory.goal
        self.left = len(self.theory.clauses)
        return self._shown()

    def on_step(self, reply: Reply) -> Turn | str:
        said = reply.split() if self.whole else [reply.strip()]
        if not said or not all(self._taken(step) for step in said[: self.left + 1]):
            return Turn("", Reward(proved=0.0), over=True)
        if not self.goals:
            return Turn("", Reward(proved=1.0), over=True)
        return Turn("", Reward(proved=0.0), over=True) if self.whole or self.left <= 0 else self._shown()

    def _taken(self, step: str) -> bool:
        """Take a step, if it is one."""
        self.left -= 1
        if not self.goals or self.left < 0:
            return False
        if self.forward:
            if step not in heads(self.known, self.theory.clauses):
                return False
            self.known += step
            self.goals = "" if step == self.goals else self.goals
            return True
        if (step, self.goals[0]) not in self.theory.clauses:
            return False
        self.goals = self._goals_after(step, self.goals)
        return True

    def _goals_after(self, body: str, goals: str) -> str:
        """Return what is to be proved once the body of a clause stands for the first goal."""
        return "".join(dict.fromkeys(letter for letter in body + goals[1:] if letter not in self.known))

    def solve(self) -> str:
        steps, goals = [], self.goals
        while goals:
            path = derivation(self.known, self.theory.clauses, goals[0])
            if path is None:
                return "-"  # a letter that can never be had is to be proved: there is nothing right to say
            if self.forward:
                steps, goals = [clause.head for clause in path], ""
            else:
                steps.append(path[-1].body)
                goals = self._goals_after(path[-1].body, goals)
        return " ".join(steps) if self.whole else steps[0]

    def slip(self, rng: random.Random, rate: float) -> str:
        """Jump to the conclusion with chance `rate`: forwards say the goal, backwards say that it follows from itself."""
        return self.goals[0] if rng.random() < rate else self.solve()

    def _shown(self) -> str:
        clauses = " ".join(map(str, self.theory.clauses))
        return f"{self.known}?{self.goals} {clauses}:"
