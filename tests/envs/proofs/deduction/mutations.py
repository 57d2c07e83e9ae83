"""How may a proof, or what it is to prove, be changed so that it is probably wrong? For tests of soundness."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

from syllogym.envs.proofs.deduction.rules import RULES
from syllogym.envs.proofs.deduction.theorems import draw_theorem

_NAME = re.compile(r"\b(?!forall|exists|false|by|let|assume|[a-z]+[IE]\b|raa|reit)[A-Za-z]\w*")
_CONNECTIVE = re.compile(r"<->|->|/\\|\\/|forall|exists|~")
_WORDS = ("<->", "->", "/\\", "\\/", "forall", "exists", "~")


def mutants(rng: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """Yield theorems with proofs: as drawn, or with up to three changes to the theorem, the proof, or both alike."""
    for _ in range(count):
        logic = rng.choice(("propositional", "first-order", "first-order", "equality"))
        proven = draw_theorem(rng, rng.randint(2, 9), logic)
        statement, proof = proven.theorem.statement, proven.proof()
        for _ in range(rng.randint(0, 3)):
            statement, proof = rng.choice(_CHANGES)(rng, statement, proof)
        yield statement, proof


def _with_one_changed(rng: random.Random, pattern: re.Pattern[str], text: str, change: Callable[[str], str]) -> str:
    found = list(pattern.finditer(text))
    if not found:
        return text
    one = rng.choice(found)
    return text[: one.start()] + change(one[0]) + text[one.end() :]


def _another_name(rng: random.Random, text: str) -> str:
    names = sorted(set(_NAME.findall(text))) or ["p"]
    return _with_one_changed(rng, _NAME, text, lambda old: rng.choice(names))


def _another_connective(rng: random.Random, text: str) -> str:
    return _with_one_changed(rng, _CONNECTIVE, text, lambda old: rng.choice(_WORDS))


def _in_proof(change: Callable[[random.Random, str], str]) -> Callable[[random.Random, str, str], tuple[str, str]]:
    return lambda rng, statement, proof: (statement, change(rng, proof))


def _in_statement(change: Callable[[random.Random, str], str]) -> Callable[[random.Random, str, str], tuple[str, str]]:
    return lambda rng, statement, proof: (change(rng, statement), proof)


def _renamed(rng: random.Random, statement: str, proof: str) -> tuple[str, str]:
    """Make two names one, everywhere: a proof stays right only where nothing was to be new."""
    names = sorted(set(_NAME.findall(f"{statement}\n{proof}"))) or ["p"]
    old, new = rng.choice(names), rng.choice(names)
    pattern = re.compile(rf"\b{old}\b")
    return pattern.sub(new, statement), pattern.sub(new, proof)


def _other_number(rng: random.Random, proof: str) -> str:
    return _with_one_changed(
        rng, re.compile(r"(?<=[ ,-])\d+\b"), proof, lambda old: str(max(1, int(old) + rng.randint(-2, 2)))
    )


def _other_rule(rng: random.Random, proof: str) -> str:
    pattern = re.compile(rf"(?<=by )(?:{'|'.join(RULES)}|assume)\b")
    return _with_one_changed(rng, pattern, proof, lambda old: rng.choice((*RULES, "assume")))


def _other_bars(rng: random.Random, proof: str) -> str:
    if rng.random() < 0.5:
        return _with_one_changed(rng, re.compile(r"\| "), proof, lambda old: "")
    return _with_one_changed(rng, re.compile(r"(?<=\d\. )"), proof, lambda old: "| ")


def _without_line(rng: random.Random, proof: str) -> str:
    """Leave a line out and move the numbers behind it."""
    lines = proof.split("\n")
    if len(lines) < 2:
        return proof
    gone = rng.randrange(len(lines))
    first = int(lines[gone].split(".")[0])
    rest = "\n".join(lines[:gone] + lines[gone + 1 :])
    return re.sub(r"(?<![A-Za-z\d])\d+\b", lambda old: str(int(old[0]) - (int(old[0]) > first)), rest)


def _conclusion_from_proof(rng: random.Random, statement: str, proof: str) -> tuple[str, str]:
    """Ask for what some line of the proof says, and end the proof there."""
    lines = proof.split("\n")
    last = rng.randrange(len(lines))
    said = re.sub(r"^\d+\. (\| )*", "", lines[last]).split(" by ")[0]
    return f"{statement.split(' |- ')[0]} |- {said}", "\n".join(lines[: last + 1])


def _other_conclusion(rng: random.Random, statement: str, proof: str) -> tuple[str, str]:
    """Change what is to be shown, and what the last line says, in the same way."""
    premises, _, conclusion = statement.partition("|- ")
    changed = rng.choice((_another_name, _another_connective))(rng, conclusion)
    before, _, last = proof.rpartition("\n")
    return f"{premises}|- {changed}", f"{before}\n{last.replace(conclusion, changed, 1)}".strip()


_CHANGES = (
    _in_proof(_another_name), _in_proof(_another_connective), _in_proof(_other_number), _in_proof(_other_rule),
    _in_proof(_other_bars), _in_proof(_without_line), _in_statement(_another_name), _in_statement(_another_connective),
    _renamed, _renamed, _conclusion_from_proof, _other_conclusion, _other_conclusion,
)  # fmt: skip
