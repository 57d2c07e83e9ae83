"""Can the agent find the way through a web of facts to what is asked? As in ProsQA and PrOntoQA."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from syllogym.envs import register
from syllogym.envs.tree.facts import Fact, reached, read_fact, read_facts
from syllogym.envs.tree.puzzle import Puzzle
from syllogym.envs.tree.puzzle_files import only, read_table
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError, check_choice, check_range

Known: TypeAlias = tuple[str, bool]
"""What the one who is asked about is known to be, or not to be."""

_NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gwen", "Hugo")
_PROPERTIES = ("red", "small", "loud", "wooden", "shy", "bitter", "round", "bright", "cold", "old")
_EITHER = re.compile(r"(?P<facts>.*?)Is (?P<name>\w+) an? (?P<one>\w+) or (?:an? )?(?P<other>\w+)\?\s*", re.DOTALL)
_TRUE = re.compile(r"Is the following statement true or false\?\s*(?P<claim>[^.]+)\.?\s*")
_TRIES = 2_000


class FactSearch:
    """A question about facts as a space of states: the latest thing that is known of the one who is asked about.

    A thought is a sentence that is given (``Every lempus is a jompus``) or what follows from it (``Bob is a jompus``).

    Args:
        facts: the sentences. name: who is asked about.
        asked: two words, one of which holds, and the question is which; or a word and whether it is claimed to hold.
    """

    def __init__(self, facts: Sequence[Fact], name: str, asked: tuple[str, str] | tuple[str, bool]) -> None:
        self.facts, self.name, self.asked = tuple(facts), name, asked
        self._who = name.lower()
        self._follows = {(word, positive) for word, positive, _ in reached(facts, self._who)}
        text = " ".join(fact.sentence for fact in facts)
        one, other = asked
        if isinstance(other, str):
            self.prompt = f"{text}\nIs {name} a {one} or a {other}? Answer as in {name} is a {one}."
        else:
            claim = f"{name} is {'' if other else 'not '}{one}."
            self.prompt = f"{text}\nIs this true or false: {claim} Answer True or False."

    def root(self) -> Known:
        return self._who, True

    def step(self, state: Known, thought: str) -> Known:
        said = read_fact(thought)
        if said is None:
            raise IllegalThought("A thought is one of the sentences, such as: Every lempus is a jompus.")
        for fact in self._from(state):
            if said.who in (fact.who, self._who) and said[1:3] == fact[1:3]:
                return fact.what, fact.positive
        raise IllegalThought(f"That does not follow from what is known: {self.show(state)}")

    def show(self, state: Known) -> str:
        word, positive = state
        return f"{self.name} is {'' if positive else 'not '}{word}." if word != self._who else f"{self.name} is asked."

    def ended(self, state: Known) -> bool:
        return self.answer(state) is not None or not self.moves(state)

    def answer(self, state: Known) -> str | None:
        word, positive = state
        one, other = self.asked
        if isinstance(other, str):
            return f"{self.name} is a {word}." if positive and word in (one, other) else None
        return str(positive == other) if word == one else None

    def score(self, answer: str) -> float:
        return float(answer.strip(" .\n").split(" ")[-1].lower() == self.solve().strip(".").split()[-1].lower())

    def moves(self, state: Known) -> Sequence[str]:
        return [fact.sentence for fact in self._from(state)]

    def promise(self, state: Known) -> float:
        """Say whether the right answer can be reached from a state."""
        word, positive = state
        ways = reached(self.facts, word) if positive else ((word, False, 0),)
        return float(any(self.answer((word, so)) == self.solve() for word, so, _ in ways))

    def solutions(self) -> frozenset[str]:
        return frozenset({self.solve()})

    def solve(self) -> str:
        one, other = self.asked
        ends = [(one, True), (other, True)] if isinstance(other, str) else [(one, True), (one, False)]
        found = [self.answer((str(word), so)) for word, so in ends if (word, so) in self._follows]
        if len(found) != 1 or found[0] is None:
            raise UserError(f"{len(found)} answers follow from the facts about {self.name}; there should be one.")
        return found[0]

    def _from(self, state: Known) -> list[Fact]:
        return [fact for fact in self.facts if state[1] and fact.who == state[0]]


@register()
class ProsQA(Puzzle):
    """Follow facts from somebody to what is asked, past ways that lead nowhere.

    Options:
        kind: ``either`` asks which of two things somebody is (ProsQA, arXiv 2412.06769); ``true`` whether somebody has
            a property (PrOntoQA, arXiv 2210.01240).
        concepts: how many there are. hops: steps to the answer, at the least.
        file: rows of ProsQA (`question`) or PrOntoQA (`context`, `question`) instead of drawn ones.
    """

    lazy_return = 0.6
    levels = {"hops": (2, 3, 4), "concepts": (10, 15, 20)}

    def draw(
        self, rng: random.Random, kind: str = "either", concepts: int = 12, hops: int = 3, file: str = ""
    ) -> tuple[str, FactSearch]:
        check_choice("kind", kind, ("either", "true"))
        check_range("concepts", concepts, 6, 40)
        check_range("hops", hops, 1, 8)
        task = read_row(rng.choice(read_table(file)), file) if file else _drawn(rng, kind, concepts, hops)
        return task.prompt, task


def _drawn(rng: random.Random, kind: str, concepts: int, hops: int) -> FactSearch:
    for _ in range(_TRIES):
        name, other = rng.sample(_NAMES, 2)
        words = _words(rng, concepts)
        facts = _web(rng, name, other, words)
        far = [word for word, _, steps in reached(facts, name.lower()) if steps >= hops]
        near = {word for word, _, _ in reached(facts, name.lower())}
        away = [word for word, _, steps in reached(facts, other.lower()) if steps >= hops and word not in near]
        if not far or not away:
            continue
        target = rng.choice(far)
        if kind == "either":
            rng.shuffle(facts)
            pair = [target, rng.choice(away)]
            rng.shuffle(pair)
            return FactSearch(facts, name, (pair[0], pair[1]))
        asked, *others = rng.sample(_PROPERTIES, 4)
        facts.append(_fact(target, asked, rng.random() < 0.5))
        facts += [_fact(rng.choice(words), one, rng.random() < 0.5) for one in others]
        rng.shuffle(facts)
        return FactSearch(facts, name, (asked, rng.random() < 0.5))
    raise UserError(f"{concepts} concepts hardly ever make a way of {hops} hops: lower hops or raise concepts.")


def _web(rng: random.Random, name: str, other: str, words: Sequence[str]) -> list[Fact]:
    """Join two people to the first concepts, and every concept to one or two of those a little further on."""
    facts = [_fact(name, words[0]), _fact(other, words[1])]
    for place, word in enumerate(words):
        ahead = words[place + 1 : place + 5]
        facts += [_fact(word, to) for to in rng.sample(ahead, min(len(ahead), rng.choice((1, 1, 2))))]
    return facts


def _fact(who: str, what: str, positive: bool = True) -> Fact:
    whose = who if who in _NAMES else f"Every {who}"
    article = "" if what in _PROPERTIES else "an " if what[0] in "aeiou" else "a "
    return Fact(who.lower(), what, positive, f"{whose} is {'' if positive else 'not '}{article}{what}.")


def _words(rng: random.Random, count: int) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < count:
        words[
            rng.choice("bdfghjklmnprstvz") + rng.choice("aeiou") + rng.choice("lmnrst") + rng.choice("bdgkmp") + "us"
        ] = None
    return list(words)


def read_row(row: Mapping[str, Any], file: str) -> FactSearch:
    """Read a row of ProsQA or PrOntoQA; `UserError` names the file and what cannot be read."""
    question = str(only(row, "question", file))
    either = _EITHER.fullmatch(question)
    claim = _TRUE.fullmatch(question)
    try:
        if either is not None:
            one, other = either["one"].lower(), either["other"].lower()
            return FactSearch(read_facts(either["facts"]), either["name"], (one, other))
        said = read_fact(claim["claim"]) if claim else None
        if said is None:
            raise ValueError("its question is neither of ProsQA nor of PrOntoQA")
        facts = read_facts(str(only(row, "context", file)))
    except ValueError as error:
        raise UserError(f"{file}: a row cannot be read: {error}. Its question is {question[-100:]!r}.") from error
    return FactSearch(facts, said.who.capitalize(), (said.what, said.positive))
