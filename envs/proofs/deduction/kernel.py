"""Is this line of a proof right? One line at a time, after those that stand before it.

A line is its number, a bar for each box it stands in, a formula, ``by``, a rule, and what the rule cites::

    1. p -> q
    2. q -> r
    3. | p  by assume
    4. | q  by impE 1, 3
    5. | r  by impE 2, 4
    6. p -> r  by impI 3-5

The premises have the first numbers; they are given, not written. ``by assume`` opens a box with an assumption,
``let c`` (nothing else) one for a thing of which nothing is known, ``A(c) by let c`` one for a thing of which A is
known. A line with fewer bars closes boxes; what stands in a closed box can be cited only as a whole, by its first and
last line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from syllogym.envs.proofs.deduction.formulas import Expr
from syllogym.envs.proofs.deduction.reading import SYMBOLS, NotAFormula, Read, read
from syllogym.envs.proofs.deduction.rules import RULES, Box, Fact
from syllogym.envs.proofs.prover import WrongStep

LONGEST_LINE = 2_500
"""Characters a line may have."""
MOST_LINES = 400
"""Lines a proof may have, its premises among them."""
DEEPEST_BOX = 30
"""Boxes that may stand inside each other."""

_LINE = re.compile(r"\s*([0-9]{1,4})\s*[.):]?\s*((?:\|\s*)*)(.*)", re.DOTALL)
_LET = re.compile(r"let\s+([A-Za-z_][A-Za-z0-9_]*)")
_CITED = re.compile(r"([0-9]{1,4})(?:-([0-9]{1,4}))?")
_SIGNED = {sign: f"{word}{way}" for way in "IE" for sign, word in (
    ("/\\" + way, "and"), ("\\/" + way, "or"), ("->" + way, "imp"), ("<->" + way, "iff"), ("~" + way, "not"),
    ("forall" + way, "all"), ("exists" + way, "ex"), ("=" + way, "eq"), ("false" + way, "false"),
)}  # fmt: skip


class Line(NamedTuple):
    """A line that was found right.

    Attributes:
        formula: None in a line ``let c``. constants: names in it that stand for things.
        boxes: the first lines of the boxes it stands in, outermost first. name: the thing that its box begins with.
    """

    formula: Expr | None
    constants: frozenset[str]
    boxes: tuple[int, ...] = ()
    name: str = ""


def given(premises: Sequence[Read]) -> list[Line]:
    """Return the lines of premises."""
    return [Line(premise.formula, premise.constants) for premise in premises]


def next_line(lines: Sequence[Line], text: str) -> Line:
    """Return the line that `text` writes behind others.

    Raises:
        WrongStep: where the line is not right, saying why and, where it is no formula, the column.
    """
    number, bars, said = _parts(lines, text)
    open_boxes = lines[-1].boxes if lines else ()
    let = _LET.fullmatch(said)
    formula, by, how = (said, " by ", f"let {let[1]}") if let else said.rpartition(" by ")
    rule, *cited = how.replace(",", " ").split() or [""]
    if not by or not rule:
        raise WrongStep("after the formula a line says by which rule: ... by andI 1, 2")
    if rule in ("assume", "let"):
        boxes = _opened(open_boxes, bars, number)
        name = _new_name(lines, boxes, cited, rule)
        if let:
            return Line(None, frozenset((name,)), boxes, name)
        fact = _fact(formula, text)
        return Line(fact.formula, fact.constants | {name} if name else fact.constants, boxes, name)
    if bars > len(open_boxes):
        raise WrongStep(f"{bars} bars, but {len(open_boxes)} boxes are open: a box opens with assume or let")
    boxes = open_boxes[:bars]
    fact = _fact(formula, text)
    _check(fact, rule, [_cite(lines, boxes, one) for one in cited])
    return Line(fact.formula, fact.constants, boxes)


def _parts(lines: Sequence[Line], text: str) -> tuple[int, int, str]:
    """Return the line's number, how many bars it has, and the rest."""
    if len(text) > LONGEST_LINE:
        raise WrongStep(f"a line has at most {LONGEST_LINE} characters; this has {len(text)}")
    number = len(lines) + 1
    if number > MOST_LINES:
        raise WrongStep(f"a proof has at most {MOST_LINES} lines")
    match = _LINE.fullmatch(text)
    if match is None or int(match[1]) != number:
        raise WrongStep(f"the next line begins with its number, {number}.")
    return number, match[2].count("|"), match[3].strip()


def _fact(formula: str, line: str) -> Fact:
    try:
        return Fact(*read(formula.strip()))
    except NotAFormula as error:
        raise WrongStep(str(error), column=max(0, line.find(formula.strip())) + error.column) from error


def _opened(open_boxes: tuple[int, ...], bars: int, number: int) -> tuple[int, ...]:
    if not 1 <= bars <= len(open_boxes) + 1:
        raise WrongStep(f"this line opens a box, so it has from 1 to {len(open_boxes) + 1} bars, not {bars}")
    if bars > DEEPEST_BOX:
        raise WrongStep(f"at most {DEEPEST_BOX} boxes stand inside each other")
    return (*open_boxes[: bars - 1], number)


def _new_name(lines: Sequence[Line], boxes: tuple[int, ...], cited: Sequence[str], rule: str) -> str:
    """Return the name that a box introduces, if any: one that stands in no line which can be seen from the box."""
    if rule == "assume":
        if cited:
            raise WrongStep("assume cites nothing")
        return ""
    if len(cited) != 1 or _LET.fullmatch(f"let {cited[0]}") is None or cited[0] in RULES:
        raise WrongStep("let introduces one name, as in `let c`")
    for number, line in enumerate(lines, start=1):
        if cited[0] in line.constants and line.boxes == boxes[: len(line.boxes)]:
            raise WrongStep(f"{cited[0]} is not new: line {number} speaks of it")
    return cited[0]


def _cite(lines: Sequence[Line], boxes: tuple[int, ...], text: str) -> Fact | Box:
    """Return the line or box that is cited, if it can be seen from inside `boxes`."""
    match = _CITED.fullmatch(text)
    if match is None:
        raise WrongStep(f"a rule cites lines (3) or boxes (3-5), not {text[:20]!r}")
    first = int(match[1])
    last = int(match[2] or first)
    if not 1 <= first <= last <= len(lines):
        raise WrongStep(f"{text} is not before this line")
    begin, end = lines[first - 1], lines[last - 1]
    if match[2] is None:
        if begin.boxes != boxes[: len(begin.boxes)]:
            raise WrongStep(f"line {first} stands in a box that is closed")
        if begin.formula is None:
            raise WrongStep(f"line {first} says nothing that could be cited")
        return Fact(begin.formula, begin.constants)
    if begin.boxes[-1:] != (first,) or end.boxes != begin.boxes or end.formula is None:
        raise WrongStep(f"{text} is not a box from its first to its last line")
    inside = lines[last].boxes if last < len(lines) else boxes
    if first in inside or first in boxes:
        raise WrongStep(f"the box {text} is not closed there")
    if begin.boxes[:-1] != boxes[: len(begin.boxes) - 1]:
        raise WrongStep(f"the box {text} stands in another that is closed")
    return Box(begin.formula, begin.name, end.formula)


def _check(fact: Fact, name: str, cited: list[Fact | Box]) -> None:
    rule = RULES.get(name) or RULES.get(_plain_name(name))
    if rule is None:
        raise WrongStep(f"there is no rule {name[:20]!r}; the rules are {', '.join(RULES)}, assume and let")
    if "".join("b" if isinstance(one, Box) else "l" for one in cited) != rule.cites:
        wanted = ", ".join({"l": "a line", "b": "a box"}[one] for one in rule.cites) or "nothing"
        raise WrongStep(f"{name} cites {wanted}")
    if not rule.gives(fact, *cited):
        raise WrongStep(f"{name} does not give this ({rule.reading})")


def _plain_name(name: str) -> str:
    """Return the name of a rule that is written with a sign, such as ``->E`` or ``∧I``; "" for others."""
    return _SIGNED.get(SYMBOLS.get(name[:-1], name[:-1]) + name[-1:], "")
