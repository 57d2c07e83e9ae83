"""What do the sentences of PrOntoQA, ProofWriter and ProsQA say, and what follows from them?

They are of a few forms: "Max is a yumpus.", "The cat does not eat the cow.", "Every yumpus is not shy.", "Rough people
are cold.", "If someone sees the cat and they are not green then they see the cow." Invented nouns end in "pus". Each is
a fact or a rule about any one thing; what they deny is denied, and nothing is denied by being left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

ANY = "any"
"""The subject of a rule about everything."""

_VERBS = "eat|see|need|like|visit|chase"
_SAID = re.compile(
    rf"(?P<subject>.*?) ?\b(?:(?:is|are)(?P<no> not)?(?: an?)? (?P<what>\w+)"
    rf"|(?:(?P<nor>(?:does|do) not) )?(?P<verb>{_VERBS})s? (?P<whom>.+))"
)
_KIND = re.compile(
    r"(?:all |every |each )?(?P<kinds>\w+(?:,? \w+)*?)(?P<noun> people| things)? (?P<rest>(?:is|are) .+)"
)
_SENTENCES = re.compile(r"(?<=\.)\s+")


class Literal(NamedTuple):
    """A thing, what is said of it, and whether that is affirmed."""

    subject: str
    said: str
    true: bool = True

    def about(self, subject: str) -> Literal:
        """Return the same of a certain thing, where it is said of any."""
        return self._replace(subject=subject) if self.subject == ANY else self


class Rule(NamedTuple):
    """What holds if all of its conditions do."""

    conditions: tuple[Literal, ...]
    result: Literal


class NotUnderstood(ValueError):
    """A sentence is of none of the forms."""


class Theory(NamedTuple):
    """What a text says: each fact and rule with its sentence."""

    facts: dict[Literal, str]
    rules: dict[Rule, str]


def sentences(text: str) -> list[str]:
    """Split a text after its full stops."""
    return [sentence for sentence in _SENTENCES.split(text.strip()) if sentence]


def understand(text: str | Iterable[str]) -> Theory:
    """Read every sentence of a text.

    Raises:
        NotUnderstood: naming the sentence.
    """
    theory = Theory({}, {})
    for sentence in sentences(text) if isinstance(text, str) else text:
        meaning = meaning_of(sentence)
        if isinstance(meaning, Rule):
            theory.rules.setdefault(meaning, sentence)
        else:
            theory.facts.setdefault(meaning, sentence)
    return theory


def meaning_of(sentence: str) -> Literal | Rule:
    """Return what a sentence says.

    Raises:
        NotUnderstood: naming the sentence.
    """
    said = " ".join(sentence.strip().rstrip(".").split())
    if len(said) > 500:
        raise NotUnderstood(f"{sentence[:40]!r}... is longer than any sentence of these sets")
    said = said[:1].lower() + said[1:]
    if said.startswith("if ") and " then " in said:
        before, _, behind = said[3:].partition(" then ")
        return _conditional(before.split(" and "), behind, sentence)
    kind = _KIND.fullmatch(said)
    if kind is not None and (kind["noun"] or said.split()[0] in ("all", "every", "each") or _plural(kind["kinds"])):
        conditions = tuple(
            Literal(ANY, f"is {_one(word)}") for word in re.findall(r"\w+", kind["kinds"]) if word != "and"
        )
        return Rule(conditions, _literal(f"{ANY} {kind['rest']}", sentence))
    return _literal(said, sentence)


def _conditional(conditions: Sequence[str], result: str, sentence: str) -> Rule:
    read: list[Literal] = []
    for condition in conditions:
        if read and " " not in condition.removeprefix("not "):  # "and not rough" goes on about the same
            condition = f"{read[-1].subject} is {condition}"
        read.append(_literal(condition, sentence))
    return Rule(tuple(read), _literal(result, sentence))


def _literal(said: str, sentence: str) -> Literal:
    match = _SAID.fullmatch(said)
    if match is None or not match["subject"]:
        raise NotUnderstood(f"{sentence!r} is of no form that is understood")
    subject = match["subject"].lower()
    if subject in ("someone", "something", "they", "it"):
        subject = ANY
    if match["what"]:
        return Literal(subject, f"is {_one(match['what'].lower())}", not match["no"])
    return Literal(subject, f"{match['verb']} {match['whom'].lower()}", not match["nor"])


def _plural(word: str) -> bool:
    return word.endswith("puses")


def _one(word: str) -> str:
    return word.removesuffix("es") if _plural(word) else word


def conclusions(theory: Theory) -> dict[Literal, Rule | None]:
    """Return all that follows, each with the rule that gave it first; None for what is given."""
    known: dict[Literal, Rule | None] = dict.fromkeys(theory.facts)
    things = {literal.subject for literal in theory.facts}
    things |= {part.subject for rule in theory.rules for part in (*rule.conditions, rule.result)} - {ANY}
    grew = True
    while grew:
        grew = False
        for rule in theory.rules:
            for result, conditions in instances(rule, things):
                if result not in known and all(condition in known for condition in conditions):
                    known[result] = Rule(conditions, result)
                    grew = True
    return known


def instances(rule: Rule, things: Iterable[str]) -> Iterable[tuple[Literal, tuple[Literal, ...]]]:
    """Yield a rule's result with its conditions, about each thing."""
    general = any(part.subject == ANY for part in (*rule.conditions, rule.result))
    for thing in sorted(things) if general else [ANY]:
        yield rule.result.about(thing), tuple(condition.about(thing) for condition in rule.conditions)


def label(theory: Theory, statement: Literal) -> bool | None:
    """Say whether a statement follows, or its denial; None where neither does.

    Where both do, the text contradicts itself and the statement counts as true.
    """
    known = conclusions(theory)
    if statement in known:
        return True
    return False if statement._replace(true=not statement.true) in known else None


def wrong_line(theory: Theory, goal: Literal, derivation: Sequence[str]) -> int | None:
    """Return the first line, from 1, of a derivation that is wrong; None where it shows the goal.

    A line is a sentence of the text, or follows by one rule of it from facts of the text and lines before. The last
    line is the goal; where it is not, the number is that of the line that is missing.
    """
    known = set(theory.facts)
    said: Literal | Rule | None = None
    for number, line in enumerate(derivation, start=1):
        try:
            said = meaning_of(line)
        except NotUnderstood:
            return number
        if said in known or said in theory.rules:
            continue
        if isinstance(said, Rule) or not any(
            result == said and known.issuperset(conditions)
            for rule in theory.rules
            for result, conditions in instances(rule, {said.subject, *(fact.subject for fact in known)})
        ):
            return number
        known.add(said)
    return None if said == goal else len(derivation) + 1


def derivation_of(theory: Theory, goal: Literal) -> list[str]:
    """Return sentences that show a goal which follows, none that it does not rest on."""
    known = conclusions(theory)
    needed, lines = {goal}, list[str]()
    for literal in reversed(known):  # later ones rest on earlier ones
        rule = known[literal]
        if literal in needed:
            lines.append(theory.facts[literal] if rule is None else sentence_of(literal))
            needed.update(rule.conditions if rule else ())
    return lines[::-1]


def sentence_of(literal: Literal) -> str:
    """Write a literal as a sentence."""
    kind, _, rest = literal.said.partition(" ")
    if kind == "is":
        noun = f"{'an' if rest[0] in 'aeiou' else 'a'} {rest}" if rest.endswith("pus") else rest
        said = f"is {'' if literal.true else 'not '}{noun}"
    else:
        said = f"{kind}s {rest}" if literal.true else f"does not {literal.said}"
    subject = literal.subject if literal.subject.startswith("the ") else literal.subject.capitalize()
    return f"{subject[0].upper()}{subject[1:]} {said}."
