"""What does a proof look like whose lines were tried at random, and kept where the kernel took them?"""

from __future__ import annotations

import random
from collections.abc import Iterator

from syllogym.envs.proofs.deduction.drawn_formulas import Vocabulary
from syllogym.envs.proofs.deduction.formulas import (
    ALL,
    AND,
    BOTTOM,
    EQ,
    EX,
    IFF,
    IMP,
    NOT,
    OR,
    Expr,
    abstracted,
    instance,
    negated,
    written,
)  # fmt: skip
from syllogym.envs.proofs.deduction.kernel import Line, given, next_line
from syllogym.envs.proofs.deduction.reading import read
from syllogym.envs.proofs.deduction.rules import RULES
from syllogym.envs.proofs.prover import WrongStep

Box = tuple[int, int]
Tried = tuple[str, list[int | Box], Expr]
NAMES = tuple(map(Expr, "abcd"))


def scribbles(rng: random.Random, count: int, tries: int = 150) -> Iterator[tuple[str, str]]:
    """Yield theorems with proofs: what the last line outside all boxes says is what is to be shown."""
    for _ in range(count):
        words = Vocabulary(rng, rng.choice(("propositional", "first-order", "first-order", "equality")))
        premises = [words.formula(rng.randint(0, 2)) for _ in range(rng.randint(1, 3))]
        lines, texts = given([read(written(premise)) for premise in premises]), list[str]()
        for _ in range(tries):
            text = _tried(rng, words, lines)
            try:
                lines.append(next_line(lines, text))
                texts.append(text)
            except WrongStep:
                continue
        while lines[-1].boxes:
            lines.pop()
        formula = lines[-1].formula
        assert formula is not None
        yield (
            f"{', '.join(map(written, premises))} |- {written(formula)}",
            "\n".join(texts[: len(lines) - len(premises)]),
        )


def _tried(rng: random.Random, words: Vocabulary, lines: list[Line]) -> str:
    depth, chance, name = len(lines[-1].boxes), rng.random(), rng.choice(NAMES)
    if chance < 0.12:
        bars = rng.randint(1, depth + 1)
        formula = rng.choice([words.formula(rng.randint(0, 1), NAMES), *_near(rng, lines)])
        said = (f"{written(formula)} by assume", f"let {name.head}", f"{written(formula)} by let {name.head}")
        return f"{len(lines) + 1}. {'| ' * bars}{rng.choice(said)}"
    boxes = [(first, last) for first, last in map(_box, [lines] * len(lines), range(1, len(lines) + 1)) if last]
    rule, cited, formula = _likely(rng, lines, boxes) if chance < 0.75 else _any(rng, lines, boxes)
    numbers = ", ".join(str(one) if isinstance(one, int) else f"{one[0]}-{one[1]}" for one in cited)
    return f"{len(lines) + 1}. {'| ' * rng.choice((0, depth, depth))}{written(formula)} by {rule} {numbers}"


def _any(rng: random.Random, lines: list[Line], boxes: list[Box]) -> Tried:
    """Cite anything, say anything near."""
    rule = rng.choice([name for name, rule in RULES.items() if boxes or "b" not in rule.cites])
    cited: list[int | Box] = [rng.choice(boxes) if kind == "b" else _line(rng, lines) for kind in RULES[rule].cites]
    pool = [formula for one in cited for formula in _from(rng, lines, one)] or _near(rng, lines)
    return rule, cited, rng.choice(pool)


def _likely(rng: random.Random, lines: list[Line], boxes: list[Box]) -> Tried:
    """Use a line or a box as a rule would, but for where and which others are cited."""
    if boxes and rng.random() < 0.5:
        box = rng.choice(boxes[-3:])
        first, last = lines[box[0] - 1].formula, lines[box[1] - 1].formula or BOTTOM
        if first is None:
            name = rng.choice((lines[box[0] - 1].name, rng.choice(NAMES).head))
            return "allI", [box], Expr(ALL, (abstracted(last, name),))
        some = [place for place, line in enumerate(lines, start=1) if line.formula and line.formula.head in (EX, OR)]
        if some and rng.random() < 0.6:
            place = rng.choice(some)
            if lines[place - 1].formula.head == EX:  # type: ignore[union-attr]
                return "exE", [place, box], last
            return "orE", [place, box, rng.choice(boxes)], last
        if last == BOTTOM:
            return ("raa", [box], first.parts[0]) if first.head == NOT else ("notI", [box], negated(first))
        return rng.choice(
            (("impI", [box], Expr(IMP, (first, last))), ("iffI", [box, rng.choice(boxes)], Expr(IFF, (first, last))))
        )
    place, other = _line(rng, lines), _line(rng, lines)
    one, two = lines[place - 1].formula or BOTTOM, lines[other - 1].formula or BOTTOM
    name, thing = rng.choice(NAMES), rng.choice(NAMES)
    ways: list[Tried] = [
        ("exI", [place], Expr(EX, (abstracted(one, name.head),))), ("andI", [place, other], Expr(AND, (one, two))),
        ("orI", [place], Expr(OR, (one, two))), ("reit", [place], one), ("notE", [place, other], BOTTOM),
    ]  # fmt: skip
    if one.head == AND:
        ways += [("andE", [place], part) for part in one.parts]
    if one.head in (IMP, IFF):
        held = [number for number, line in enumerate(lines, start=1) if line.formula == one.parts[0]] or [other]
        ways += [("impE" if one.head == IMP else "iffE", [place, rng.choice(held)], one.parts[1])] * 3
    if one.head == ALL:
        ways += [("allE", [place], instance(one.parts[0], thing))] * 3
    if one.head == EQ:
        ways += [("eqE", [place, other], instance(abstracted(two, one.parts[0].head), one.parts[1]))] * 3
    if one == BOTTOM:
        ways += [("falseE", [place], two)]
    return rng.choice(ways)


def _line(rng: random.Random, lines: list[Line]) -> int:
    """Choose a line, a late one more often."""
    return max(rng.randint(1, len(lines)), rng.randint(1, len(lines)))


def _box(lines: list[Line], first: int) -> Box:
    """Return a box by its first and last line; 0 for the last where none begins there."""
    boxes = lines[first - 1].boxes
    if boxes[-1:] != (first,):
        return first, 0
    return first, max(place for place, line in enumerate(lines, start=1) if line.boxes == boxes)


def _near(rng: random.Random, lines: list[Line]) -> list[Expr]:
    """Return formulas near those of a line."""
    formula = lines[_line(rng, lines) - 1].formula
    if formula is None:
        return [BOTTOM]
    name, other = rng.choice(NAMES), rng.choice(NAMES)
    body = abstracted(formula, name.head)
    found = [formula, negated(formula), Expr(ALL, (body,)), Expr(EX, (body,)), instance(body, other), BOTTOM]
    if formula.head in (AND, OR, IMP, IFF, NOT):
        found += formula.parts
    elif formula.head in (ALL, EX):
        found += [instance(formula.parts[0], thing) for thing in (name, other)]
    return found


def _from(rng: random.Random, lines: list[Line], cited: int | Box) -> list[Expr]:
    """Return formulas that a rule might give from a line or a box."""
    if isinstance(cited, int):
        return _near(rng, lines[cited - 1 : cited])
    first, last = (lines[place - 1].formula for place in cited)
    if last is None:
        return [BOTTOM]
    name = lines[cited[0] - 1].name or rng.choice(NAMES).head
    found = [last, Expr(ALL, (abstracted(last, name),))]
    if first is not None:
        found += [Expr(IMP, (first, last)), Expr(IFF, (first, last)), negated(first)]
        found += first.parts if first.head == NOT else ()
    return found
