"""Which formulas of propositional logic follow, constructively? Drawn from the conclusion upwards, with the proof."""

from __future__ import annotations

import random
from collections.abc import Mapping

Formula = str | tuple  # type: ignore[type-arg]
"""A letter, or a connective with two formulas."""

LETTERS = "PQRSTU"


class _Drawing:
    """A proof in the making: what it assumes, and how much of it is still to come."""

    def __init__(self, rng: random.Random, size: int) -> None:
        self.rng, self.left = rng, size
        self.hypotheses: dict[str, Formula] = {}
        self.names = 0

    def proof(self, goal: Formula, local: Mapping[str, Formula]) -> list[str]:
        """Return steps that prove a goal and nothing else; hypotheses that they need are noted."""
        if known := [name for name, formula in {**self.hypotheses, **local}.items() if formula == goal]:
            return [f"exact {known[-1]}."]
        if isinstance(goal, tuple):
            return self._introduced(goal, local)
        if self.left <= 0:
            return [f"exact {self._assumed(goal)}."]
        self.left -= 1
        return self.rng.choice((self._by_implication, self._by_implication, self._by_pair, self._by_cases))(goal, local)

    def _introduced(self, goal: tuple[str, Formula, Formula], local: Mapping[str, Formula]) -> list[str]:
        connective, one, other = goal
        if connective == "/\\":
            return ["split.", *self.proof(one, local), *self.proof(other, local)]
        if connective == "\\/":
            side = self.rng.randrange(2)
            return [("left.", "right.")[side], *self.proof((one, other)[side], local)]
        name = self._name()
        return [f"intros {name}.", *self.proof(other, {**local, name: one})]

    def _by_implication(self, goal: Formula, local: Mapping[str, Formula]) -> list[str]:
        needed = self.formula(self.rng.randint(0, 1))
        return [f"apply {self._assumed(('->', needed, goal))}.", *self.proof(needed, local)]

    def _by_pair(self, goal: Formula, local: Mapping[str, Formula]) -> list[str]:
        pair = ("/\\", goal, self.formula(0)) if self.rng.random() < 0.5 else ("/\\", self.formula(0), goal)
        both, one, other = self._assumed(pair), self._name(), self._name()
        return [f"destruct {both} as [{one} {other}].", f"exact {one if pair[1] == goal else other}."]

    def _by_cases(self, goal: Formula, local: Mapping[str, Formula]) -> list[str]:
        one, other = self.formula(0), self.formula(0)
        either, first, second = self._assumed(("\\/", one, other)), self._name(), self._name()
        steps = [f"destruct {either} as [{first}|{second}]."]
        for name, case in ((first, one), (second, other)):
            if case == goal:
                steps.append(f"exact {name}.")
            else:
                steps += [f"apply {self._assumed(('->', case, goal))}.", f"exact {name}."]
        return steps

    def formula(self, depth: int) -> Formula:
        """Draw a formula with at most so many connectives on a path."""
        if depth == 0 or self.rng.random() < 0.2:
            return self.rng.choice(LETTERS)
        connective = self.rng.choice(("/\\", "\\/", "->"))
        return connective, self.formula(depth - 1), self.formula(depth - 1)

    def _assumed(self, formula: Formula) -> str:
        for name, known in self.hypotheses.items():
            if known == formula:
                return name
        name = self._name()
        self.hypotheses[name] = formula
        return name

    def _name(self) -> str:
        self.names += 1
        return f"H{self.names}"


def draw_logic(rng: random.Random, size: int) -> tuple[str, tuple[str, ...]]:
    """Draw a theorem and steps that prove it.

    Args:
        rng: the chance. size: how many letters are not proved at once.
    """
    drawing = _Drawing(rng, size)
    goal = drawing.formula(1 + size // 3)
    steps = drawing.proof(goal, {})
    given = list(drawing.hypotheses.items())
    rng.shuffle(given)
    names = " ".join((*LETTERS, *(name for name, _ in given)))
    told = " -> ".join((*(_shown(formula) for _, formula in given), _shown(goal)))
    return f"forall {' '.join(LETTERS)} : Prop, {told}", (f"intros {names}.", *steps)


def _shown(formula: Formula) -> str:
    return formula if isinstance(formula, str) else f"({_shown(formula[1])} {formula[0]} {_shown(formula[2])})"
