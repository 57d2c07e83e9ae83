"""Can the agent prove a letter from facts and Horn clauses, one clause a turn, forwards or backwards?"""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.horn_theory import ATOMS, Clause, derivation, draw_theory
from syllogym.errors import check_choice, check_range


@register()
class Horn(TextEnv):
    """Shown ``ab ab>c ce>f ac>e ?e``: a and b hold; c follows from a and b together, and so on; e is to be proved.

    A turn says the clause to use next. Forwards, ``ab>c`` makes it ``abc ... ?e``. Backwards, ``ac>e`` makes it
    ``ab ... ?c``: of several letters to be proved the last is the next, and what holds need not be proved. A step that
    is none ends the episode unpaid; only the proof is paid, at its end. A letter is to be proved once only, so that a
    proof backwards ends, too; one that went round in a circle is none.

    Options:
        steps: clauses that the shortest proof takes. body: letters of a clause's body.
        traps: clauses of which a letter can never be had.
        detours: clauses that can be used and lead nowhere.
        chaining: ``forward`` or ``backward``. whole: all turns in one reply, separated by blanks.
    """

    levels = {"steps": (1, 2, 3, 4, 6)}

    def on_reset(
        self,
        rng: random.Random,
        steps: int = 3,
        body: int = 2,
        traps: int = 2,
        detours: int = 1,
        chaining: str = "forward",
        whole: bool = False,
    ) -> str:
        check_range("steps", steps, 1, 20)
        check_range("body", body, 1, 4)
        check_range("traps", traps, 0, 20)
        check_range("detours", detours, 0, 20)
        check_choice("The direction of chaining", chaining, ("forward", "backward"))
        self.theory = draw_theory(rng, steps, body, traps, detours)
        self.forward, self.whole = chaining == "forward", whole
        self.known, self.goals = self.theory.facts, self.theory.goal
        self.clauses = {str(clause): clause for clause in self.theory.clauses}
        self.used: tuple[Clause, ...] = ()
        return self._shown()

    def on_step(self, reply: Reply) -> Turn | str:
        said = reply.split() if self.whole else [reply.strip()]
        if not said or not all(self._taken(step) for step in said[: len(ATOMS)]):
            return Turn("", Reward(proved=0.0), over=True)
        if not self.goals:
            return Turn("", Reward(proved=float(self._proved())), over=True)
        return Turn("", Reward(proved=0.0), over=True) if self.whole else self._shown()

    def _taken(self, step: str) -> bool:
        """Take a step, if it is one. None is taken twice, so that there are at most as many as clauses."""
        if not self.goals:
            return False
        clause = self.clauses.get(step)
        if clause is None:
            return False
        self.used += (clause,)
        if not self.forward:
            right = clause.head == self.goals[0]
            self.goals = self._goals_after(self.used, self.goals)
            return right
        right = clause.head not in self.known and set(self.known).issuperset(clause.body)
        self.known += clause.head
        self.goals = "" if clause.head == self.goals else self.goals
        return right

    def _goals_after(self, used: tuple[Clause, ...], goals: str) -> str:
        """Return what is to be proved now that the last clause stands for the first goal; each goal comes once."""
        settled = {*self.known, *(clause.head for clause in used)}
        return "".join(dict.fromkeys(letter for letter in used[-1].body + goals[1:] if letter not in settled))

    def _proved(self) -> bool:
        """Say whether the clauses used prove the goal; backwards they may go round in a circle."""
        return derivation(self.theory.facts, self.used, self.theory.goal) is not None

    def solve(self) -> str:
        if self.forward:
            steps = self._path(self.goals)
        else:
            steps, used, goals = [], self.used, self.goals
            while goals:
                used += tuple(self._path(goals[0])[-1:])
                steps, goals = [*steps, used[-1]], self._goals_after(used, goals)
        return " ".join(map(str, steps if self.whole else steps[:1]))

    def _path(self, goal: str) -> list[Clause]:
        """Return clauses that prove a goal; one that was never there for a letter that can never be had."""
        return derivation(self.known, self.theory.clauses, goal) or [Clause("-", "-")]

    def slip(self, rng: random.Random, rate: float) -> str:
        """Jump to the conclusion, with chance `rate` a clause: say that the goal follows from what was to be used."""
        return " ".join(
            f"{step[: step.index('>')]}>{self.theory.goal}" if rng.random() < rate else step
            for step in self.solve().split()
        )

    def _shown(self) -> str:
        clauses = " ".join(map(str, self.theory.clauses))
        return f"{self.known} {clauses} ?{self.goals[::-1]}"
