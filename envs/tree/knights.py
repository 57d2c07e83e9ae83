"""Can the agent tell knights, who always say the truth, from knaves, who never do?"""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, TypeAlias

from syllogym.envs import register
from syllogym.envs.tree.puzzle import Puzzle, SolutionSet
from syllogym.envs.tree.puzzle_files import only, read_table
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_range, check_span

Claim: TypeAlias = tuple[Any, ...]
"""``("knight", i)``, ``("knave", i)``, ``("not", claim)``, or two claims under ``and``, ``or``, ``if``, ``iff``."""

_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gwen", "Hugo")
_KNIGHT, _KNAVE, _OPEN = "K", "N", "?"
_READ = {"telling-truth": "knight", "lying": "knave", "->": "if", "=>": "if", "<=>": "iff"}
_TRIES = 2_000


class Island(SolutionSet):
    """Who is what, as a space of states: a text with ``K``, ``N`` or ``?`` for each inhabitant.

    A thought says what one is: ``Ada is a knave``. It is illegal to make a knight's claim false, or a knave's true.
    """

    def __init__(self, names: Sequence[str], claims: Sequence[Claim], graded: bool = False) -> None:
        self.names, self.claims = tuple(names), tuple(claims)
        kinds = ("".join(who) for who in product(_KNIGHT + _KNAVE, repeat=len(names)))
        self.kinds = frozenset(who for who in kinds if all(self._fits(i, who) for i in range(len(names))))
        super().__init__(frozenset(map(self._written, self.kinds)), graded)
        said = "\n".join(
            f'{name} says: "{_sentence(claim, names)}."' for name, claim in zip(names, claims, strict=True)
        )
        self.prompt = (
            "Knights always tell the truth, knaves always lie, and everybody is one or the other.\n"
            f"{said}\nWho is what? {self.asked('Tell it of everybody.')} "
            f"Write as in {self._written(_KNIGHT * len(names))}"
        )

    def root(self) -> str:
        return _OPEN * len(self.names)

    def step(self, state: str, thought: str) -> str:
        said = re.fullmatch(r"(\w+) is a (knight|knave)\.?", thought.strip()[:100])
        if said is None or said[1] not in self.names:
            raise IllegalThought(f"A thought says what somebody is, as in {self.names[0]} is a knave.")
        place = self.names.index(said[1])
        if state[place] != _OPEN:
            raise IllegalThought(f"What {said[1]} is has been said already.")
        after = state[:place] + (_KNIGHT if said[2] == "knight" else _KNAVE) + state[place + 1 :]
        for i, name in enumerate(self.names):
            if not self._fits(i, after):
                raise IllegalThought(f"That contradicts what {name} says.")
        return after

    def show(self, state: str) -> str:
        return self._written(state) or "Nothing is known yet."

    def ended(self, state: str) -> bool:
        return not self.moves(state)

    def answer(self, state: str) -> str | None:
        return None if _OPEN in state else self._written(state)

    def read(self, answer: str) -> Iterator[str]:
        for line in re.split(r"[\n;]", answer):
            kinds = dict(re.findall(r"(\w+) is a (knight|knave)", line))
            if kinds:
                yield ", ".join(f"{name} is a {kinds[name]}" for name in self.names if name in kinds)

    def moves(self, state: str) -> Sequence[str]:
        """List what the first who is still open can be: every solution is found through that."""
        place = state.find(_OPEN)
        if place < 0:
            return ()
        both = ((_KNIGHT, "knight"), (_KNAVE, "knave"))
        ways = ((state[:place] + kind + state[place + 1 :], word) for kind, word in both)
        fits = [word for after, word in ways if all(self._fits(i, after) for i in range(len(self.names)))]
        return [f"{self.names[place]} is a {word}" for word in fits]

    def promise(self, state: str) -> float:
        """Say whether a solution lies behind a state."""
        return float(any(all(a in (b, _OPEN) for a, b in zip(state, kinds, strict=True)) for kinds in self.kinds))

    def _fits(self, who: int, state: str) -> bool:
        """Say whether what somebody claims does not contradict what is known."""
        true = _holds(self.claims[who], state)
        return state[who] == _OPEN or true is None or true == (state[who] == _KNIGHT)

    def _written(self, state: str) -> str:
        word = {_KNIGHT: "knight", _KNAVE: "knave"}
        told = zip(self.names, state, strict=True)
        return ", ".join(f"{name} is a {word[kind]}" for name, kind in told if kind != _OPEN)


@register()
class Knights(Puzzle):
    """Tell knights from knaves by what they say.

    Options:
        people: how many speak. depth: how deep claims are nested. solutions: how many there are (from, to).
        graded: pay part of several solutions by F1. file: a table with `names` and `statements` (nested tuples such as
            ``('<=>', ('telling-truth', 0), ('lying', 1))``, one for each name) instead of drawn puzzles.
    """

    levels = {"people": (2, 3, 5, 8), "depth": (1, 2)}

    def draw(
        self,
        rng: random.Random,
        people: int = 4,
        depth: int = 1,
        solutions: tuple[int, int] = (1, 1),
        graded: bool = False,
        file: str = "",
    ) -> tuple[str, Island]:
        check_range("people", people, 2, len(_NAMES))
        check_range("depth", depth, 0, 4)
        check_span("solutions", solutions, 1, 8)
        for _ in range(_TRIES):
            if file:
                task = Island(*_row(rng, file), graded)
            else:
                names = rng.sample(_NAMES, people)
                task = Island(names, [_claim(rng, people, depth) for _ in names], graded)
            if solutions[0] <= len(task.wanted) <= solutions[1]:
                return task.prompt, task
        raise UserError(f"None of {_TRIES} islands has {solutions[0]} to {solutions[1]} solutions; widen the options.")


def _claim(rng: random.Random, people: int, depth: int) -> Claim:
    if depth and rng.random() < 0.75:
        join = rng.choice(("not", "and", "or", "if", "iff"))
        return (join, *(_claim(rng, people, depth - 1) for _ in range(1 if join == "not" else 2)))
    return (rng.choice(("knight", "knave")), rng.randrange(people))


def _holds(claim: Claim, state: str) -> bool | None:
    """Say whether a claim is true where some kinds are known; None where that is open."""
    if claim[0] in ("knight", "knave"):
        kind = state[claim[1]]
        return None if kind == _OPEN else (kind == _KNIGHT) == (claim[0] == "knight")
    first = _holds(claim[1], state)
    if claim[0] == "not":
        return None if first is None else not first
    second = _holds(claim[2], state)
    if claim[0] == "iff":
        return None if first is None or second is None else first == second
    if claim[0] == "if":
        first = None if first is None else not first
    stops: bool = claim[0] != "and"  # the value of one side that settles the whole
    if stops in (first, second):
        return stops
    return None if first is None or second is None else not stops


def _sentence(claim: Claim, names: Sequence[str]) -> str:
    if claim[0] in ("knight", "knave"):
        return f"{names[claim[1]]} is a {claim[0]}"
    parts = [_sentence(part, names) for part in claim[1:]]
    parts = [f"({part})" if part.count(" ") > 3 else part for part in parts]
    if claim[0] == "not":
        return f"it is not so that {parts[0]}"
    if claim[0] == "if":
        return f"if {parts[0]} then {parts[1]}"
    return f"{parts[0]} {'if and only if' if claim[0] == 'iff' else claim[0]} {parts[1]}"


def _row(rng: random.Random, file: str) -> tuple[list[str], list[Claim]]:
    row = rng.choice(read_table(file))
    names = list(only(row, "names", file))
    try:
        claims = [_renamed(claim, len(names)) for claim in ast.literal_eval(str(only(row, "statements", file)))]
    except (ValueError, SyntaxError, TypeError, IndexError) as error:
        raise UserError(f"{file}: the statements {row['statements']!r} cannot be read: {error}") from error
    return names, claims


def _renamed(claim: Any, people: int) -> Claim:
    word = _READ.get(claim[0], claim[0])
    if word in ("knight", "knave") and claim[1] in range(people):
        return (word, int(claim[1]))
    if word not in ("not", "and", "or", "if", "iff") or len(claim) != (2 if word == "not" else 3):
        raise ValueError(f"{claim!r} is no claim about {people} people")
    return (word, *(_renamed(part, people) for part in claim[1:]))
