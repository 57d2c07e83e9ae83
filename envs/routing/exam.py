"""What is asked, and of whom? Questions with the experts that can be asked them: of a table, or made up.

The made-up exam needs no file: sums, words to be spelt backwards and numbers to be sorted, whose length is their
difficulty; a cheap expert for easy ones, one each for sums and for words, and a dear one who can do everything.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import inf
from typing import Any, Protocol

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pay import Scale, scale_of
from syllogym.envs.routing.pool import ExpertPool, Question
from syllogym.envs.routing.posed import known_of
from syllogym.envs.routing.scripted import Script, ScriptedPool
from syllogym.envs.routing.source import load_table
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.routing.table_pool import TablePool

Known = Mapping[str, tuple[float, float]]
"""Quality and dollars of every expert's reply, by name."""


class Exam(Protocol):
    """Questions and experts."""

    @property
    def pool(self) -> ExpertPool:
        """The experts."""
        ...

    @property
    def floor(self) -> float:
        """Dollars with which at least one expert can be asked any question."""
        ...

    @property
    def scale(self) -> Scale:
        """What counts as cheap and as dear among its calls."""
        ...

    def cost(self, model: str, question: Question) -> float:
        """Return the most that a call can cost, in dollars."""
        ...

    def draw(self, rng: random.Random) -> Question:
        """Return a question."""
        ...

    def known(self, question: Question, seed: int) -> Known | None:
        """Return what every expert's reply would be worth and cost; None where that is not known beforehand."""
        ...


@dataclass(frozen=True)
class TableExam:
    """The questions of a table, each as likely as another.

    Copies share the table, and pickles name it where it was described rather than given.
    """

    table: RoutingTable
    spec: str = ""

    def __deepcopy__(self, memo: object) -> TableExam:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return (_read, (self.spec,)) if self.spec else (TableExam, (self.table,))

    @cached_property
    def pool(self) -> TablePool:
        """The table's models."""
        return TablePool(self.table)

    @cached_property
    def floor(self) -> float:
        """The cheapest model's dollars where it is dearest."""
        return float(self.table.cost.min(axis=1).max())

    @cached_property
    def scale(self) -> Scale:
        """By all cells of the table."""
        return scale_of(self.table.cost.ravel())

    def cost(self, model: str, question: Question) -> float:
        """Return what it cost."""
        return float(self.table.cost[question.row, self.table.column(model)])

    def draw(self, rng: random.Random) -> Question:
        """Return a question of the table."""
        return self.pool.question(rng.randrange(len(self.table)))

    def known(self, question: Question, seed: int) -> Known:
        """Look it up."""
        cells = zip(self.table.quality[question.row].tolist(), self.table.cost[question.row].tolist(), strict=True)
        return dict(zip(self.table.models, cells, strict=True))


_LONGEST = 9
_LETTERS = "abcdefghijklmnoprstuvw"


@dataclass(frozen=True)
class MadeUpExam:
    """Questions of 1 to 9 items, with experts whose skills are written down."""

    def __deepcopy__(self, memo: object) -> MadeUpExam:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return exam_of, (None,)

    @cached_property
    def pool(self) -> ScriptedPool:
        """Four experts, each right as far as its skill goes."""
        return ScriptedPool(EXPERTS)

    @cached_property
    def floor(self) -> float:
        """What the cheapest costs for the longest questions."""
        return max(min(costs) for costs in self._costs)

    @cached_property
    def scale(self) -> Scale:
        """By the costs of every expert for every family and length."""
        return scale_of([cost for costs in self._costs for cost in costs])

    @cached_property
    def _costs(self) -> list[list[float]]:
        rng, lengths = random.Random(0), range(1, _LONGEST + 1)
        every = [_question(family, items, rng) for family in FAMILIES for items in lengths]
        return [[self.cost(card.name, question) for card in self.pool.cards] for question in every]

    def cost(self, model: str, question: Question) -> float:
        """Return what it costs."""
        return self.pool.expected(model, question)[1]

    def draw(self, rng: random.Random) -> Question:
        """Return a question of any family and length."""
        return _question(rng.choice(FAMILIES), rng.randint(1, _LONGEST), rng)

    def known(self, question: Question, seed: int) -> Known | None:
        """Ask everybody; it is free here."""
        return known_of(self.pool, question, seed)


FAMILIES = ("sum", "spell", "sort")


def _question(family: str, items: int, rng: random.Random) -> Question:
    difficulty = items / (_LONGEST + 1)
    if family == "spell":
        word = "".join(rng.choice(_LETTERS) for _ in range(items))
        return Question(f"spell {word} backwards", family, difficulty=difficulty, answer=word[::-1])
    numbers = [rng.randint(1, 9) for _ in range(items)]
    told = " ".join(map(str, numbers))
    answer = str(sum(numbers)) if family == "sum" else " ".join(map(str, sorted(numbers)))
    return Question(f"{family} {told}", family, difficulty=difficulty, answer=answer)


def _expert(name: str, price: float, skill: float, said: str, **skills: float) -> Script:
    card = ModelCard(name, price / 4, price, delay=0.2, pace=0.001 * price, description=said)
    return Script(card, skill, skills, slope=inf, tokens=100, growth=1.0)


EXPERTS = (
    _expert("swift", 1.0, 0.35, "A small model for short questions."),
    _expert("adder", 4.0, 0.25, "Trained on arithmetic.", sum=0.95),
    _expert("scribe", 4.0, 0.25, "Trained on spelling.", spell=0.95),
    _expert("sage", 40.0, 1.0, "A large model that can do everything."),
)
"""Dollars per million tokens out, and up to which difficulty it is right."""


def exam_of(table: RoutingTable | Mapping[str, Any] | None) -> Exam:
    """Return the exam of a table, given or described as for `load_table`; without one, the made-up exam.

    A table that is described is read once, and shared by all environments of a process.
    """
    if isinstance(table, RoutingTable):
        return _given(table)
    return _read(json.dumps(table, sort_keys=True, default=str)) if table is not None else _MADE_UP


@lru_cache(maxsize=8)
def _given(table: RoutingTable) -> TableExam:
    return TableExam(table)


@lru_cache(maxsize=8)
def _read(spec: str) -> TableExam:
    return TableExam(load_table(json.loads(spec)), spec)


_MADE_UP = MadeUpExam()
