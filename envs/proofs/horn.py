"""Can the agent prove a letter from facts and Horn clauses, a clause a turn, forwards, backwards, or one by one?"""

from __future__ import annotations

import random

from syllogym.envs import Reply, Reward, TextEnv, Turn, register
from syllogym.envs.proofs.horn_theory import ATOMS, Clause, derivation, draw_theory
from syllogym.errors import UserError, check_choice, check_range

USE, PASS = "+", "-"


@register()
class Horn(TextEnv):
    """Shown ``ab ab>c ce>f ac>e ?e``: a and b hold; c follows from a and b together, and so on; e is to be proved.

    Forwards, a turn says the clause to use next, and ``ab>c`` makes it ``abc ... ?e``. Backwards, it says the clause
    for the last letter to be proved, and ``ac>e`` makes it ``ab ... ?c``, for what holds need not be proved. One by
    one, a turn shows one clause only, ``ab ce>f ?e``, and says ``+`` to use it or ``-`` to pass over it; clauses whose
    letter is not had yet come round again, as often as the proof has steps.

    A step that is none ends the episode unpaid; only the proof is paid, at its end. Backwards, a letter is to be proved
    once only, so that a proof ends, too; one that went round in a circle is none.

    Options:
        steps: clauses that the shortest proof takes. body: letters of a clause's body.
        traps: clauses of which a letter can never be had.
        detours: clauses that can be used and lead nowhere.
        chaining: ``forward``, ``backward`` or ``one-by-one``.
        whole: all turns in one reply, separated by blanks; not one by one.
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
        for name, given, low, high in (
            ("steps", steps, 1, 20), ("body", body, 1, 4), ("traps", traps, 0, 20), ("detours", detours, 0, 20),
        ):  # fmt: skip
            check_range(name, given, low, high)
        check_choice("The direction of chaining", chaining, ("forward", "backward", "one-by-one"))
        if whole and chaining == "one-by-one":
            raise UserError("whole: true goes with chaining: forward or backward; one by one, each turn is a clause.")
        self.theory = draw_theory(rng, steps, body, traps, detours)
        self.chaining, self.whole = chaining, whole
        self.known, self.goals = self.theory.facts, self.theory.goal
        self.clauses = {str(clause): clause for clause in self.theory.clauses}
        self.used: tuple[Clause, ...] = ()
        self.coming = self.theory.clauses * steps
        return self._shown()

    def on_step(self, reply: Reply) -> Turn | str:
        said = reply.split() if self.whole else [reply.strip()]
        if not said or not all(self._taken(step) for step in said[: len(ATOMS)]):
            return Turn("", Reward(proved=0.0), over=True)
        if not self.goals:
            return Turn("", Reward(proved=float(self._proved())), over=True)
        if self.whole or not self.coming:
            return Turn("", Reward(proved=0.0), over=True)
        return self._shown()

    def _taken(self, step: str) -> bool:
        """Take a step, if it is one. No clause is used twice, so that there are at most as many as clauses."""
        if self.chaining == "one-by-one":
            if step not in (USE, PASS):
                return False
            clause, self.coming = self.coming[0], self.coming[1:]
            right = step == PASS or self._use(clause)
            self.coming = self._still_coming()
            return right
        clause_said = self.clauses.get(step)
        if clause_said is None or not self.goals:
            return False
        if self.chaining == "forward":
            return self._use(clause_said)
        right = clause_said.head == self.goals[0]
        self.used += (clause_said,)
        self.goals = self._goals_after(self.used, self.goals)
        return right

    def _use(self, clause: Clause) -> bool:
        """Use a clause forwards, if all of its body holds, and its head does not yet."""
        right = clause.head not in self.known and set(self.known).issuperset(clause.body)
        self.used += (clause,)
        self.known += clause.head
        self.goals = self.goals.replace(clause.head, "")
        return right

    def _still_coming(self) -> tuple[Clause, ...]:
        """Return the clauses that come, from the next one on whose letter is not had."""
        for place, clause in enumerate(self.coming):
            if clause.head not in self.known:
                return self.coming[place:]
        return ()

    def _goals_after(self, used: tuple[Clause, ...], goals: str) -> str:
        """Return what is to be proved now that the last clause stands for the first goal; each goal comes once."""
        settled = {*self.known, *(clause.head for clause in used)}
        return "".join(dict.fromkeys(letter for letter in used[-1].body + goals[1:] if letter not in settled))

    def _proved(self) -> bool:
        """Say whether the clauses used prove the goal; backwards they may go round in a circle."""
        return derivation(self.theory.facts, self.used, self.theory.goal) is not None

    def solve(self) -> str:
        if self.chaining == "one-by-one":
            return USE if set(self.known).issuperset(self.coming[0].body) else PASS
        if self.chaining == "forward":
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
        """Err with chance `rate`: one by one, use a clause of whose body only a part holds; else jump to the goal."""
        if self.chaining == "one-by-one":
            part = any(letter in self.known for letter in self.coming[0].body)
            return USE if part and rng.random() < rate else self.solve()
        return " ".join(
            f"{step[: step.index('>')]}>{self.theory.goal}" if rng.random() < rate else step
            for step in self.solve().split()
        )

    def _shown(self) -> str:
        shown = self.coming[:1] if self.chaining == "one-by-one" else self.theory.clauses
        return f"{self.known} {' '.join(map(str, shown))} ?{self.goals[::-1]}"
