"""What is a formula? A tree in which bound variables have no names, so that nothing can ever be captured.

A bound variable is the number of quantifiers between it and its own (de Bruijn); the printer names it anew. Formulas
that differ in the names of bound variables only are therefore equal, and putting a term in a variable's place is safe,
for the terms that are put there hold no bound variable.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

AND, OR, IMP, IFF, NOT, EQ = "/\\", "\\/", "->", "<->", "~", "="
ALL, EX, FALSE = "forall", "exists", "false"
_QUANTIFIERS = (ALL, EX)
_BINDS = {IFF: 1, IMP: 2, OR: 3, AND: 4}
_LETTERS = "xyzuvw"
_VARIABLES = ("#0", "#1", "#2", "#3", "#4", "#5")


class Expr(NamedTuple):
    """A formula or a term.

    `head` is a connective, a quantifier (with its body as the one part), the name of a predicate, function, constant or
    proposition, or ``#n`` for the variable of the n-th quantifier around it, from 0.
    """

    head: str
    parts: tuple[Expr, ...] = ()


BOTTOM = Expr(FALSE)


def negated(formula: Expr) -> Expr:
    """Return its negation."""
    return Expr(NOT, (formula,))


def variable(index: int) -> Expr:
    """Return the variable of the index-th quantifier outwards."""
    return Expr(_VARIABLES[index] if index < len(_VARIABLES) else f"#{index}")


def instance(body: Expr, term: Expr, depth: int = 0) -> Expr:
    """Return the body of a quantifier with a term, free of variables, in the place of the quantifier's variable."""
    head, parts = body
    if not parts:
        return term if head == f"#{depth}" else body
    inner = depth + (head in _QUANTIFIERS)
    return Expr(head, tuple([instance(part, term, inner) for part in parts]))


def instantiates(body: Expr, formula: Expr) -> bool:
    """Say whether a formula is the body of a quantifier with one and the same term at every place of its variable."""
    return _match(body, formula, 0, []) is not None


def _match(body: Expr, formula: Expr, depth: int, found: list[Expr]) -> list[Expr] | None:
    """Collect the terms that stand for variable `depth`; None where anything else differs, or a term is not closed."""
    head, parts = body
    if not parts and head == f"#{depth}":
        if found:
            return found if found[0] == formula else None
        if not closed(formula):
            return None
        found.append(formula)
        return found
    if head != formula.head or len(parts) != len(formula.parts):
        return None
    inner = depth + (head in _QUANTIFIERS)
    for part, other in zip(parts, formula.parts, strict=True):
        if _match(part, other, inner, found) is None:
            return None
    return found


def closed(term: Expr) -> bool:
    """Say whether a term holds no bound variable."""
    return not term.head.startswith("#") and all(map(closed, term.parts))


def rewrites(before: Expr, after: Expr, left: Expr, right: Expr) -> bool:
    """Say whether `after` is `before` with some (perhaps no) terms `left` replaced by `right`, both closed."""
    if before == after or (before == left and after == right):
        return True
    if before.head != after.head or len(before.parts) != len(after.parts):
        return False
    return all(rewrites(part, other, left, right) for part, other in zip(before.parts, after.parts, strict=True))


def abstracted(formula: Expr, name: str, depth: int = 0) -> Expr:
    """Return the body of a quantifier over all places of a constant."""
    head, parts = formula
    if not parts:
        return variable(depth) if head == name else formula
    inner = depth + (head in _QUANTIFIERS)
    return Expr(head, tuple([abstracted(part, name, inner) for part in parts]))


def written(formula: Expr) -> str:
    """Return the formula as text, with as few brackets as can be; `syllogym.envs.proofs.deduction.reading` reads it."""
    used = set(_names(formula))
    fresh = (name for name in _fresh() if name not in used)
    depth = _quantifiers(formula)
    return _written(formula, 0, [], [next(fresh) for _ in range(depth)])


def _written(formula: Expr, binding: int, bound: list[str], fresh: list[str]) -> str:
    head, parts = formula
    if head in _BINDS:
        level = _BINDS[head]
        left, right = level + (head in (IMP, IFF)), level + (head != IMP)  # to the right, alone, or to the left
        text = f"{_written(parts[0], left, bound, fresh)} {head} {_written(parts[1], right, bound, fresh)}"
        return f"({text})" if level < binding else text
    if head == NOT:
        return "~" + _written(parts[0], 5, bound, fresh)
    if head in _QUANTIFIERS:
        name = fresh[len(bound)]
        text = f"{head} {name}. {_written(parts[0], 0, [*bound, name], fresh)}"
        return f"({text})" if binding else text
    if head == EQ:
        text = " = ".join(_written(part, 0, bound, fresh) for part in parts)
        return f"({text})" if binding == 5 else text
    if head.startswith("#"):
        return bound[-1 - int(head[1:])]
    return f"{head}({', '.join(_written(part, 0, bound, fresh) for part in parts)})" if parts else head


def _names(formula: Expr) -> Iterator[str]:
    yield formula.head
    for part in formula.parts:
        yield from _names(part)


def _quantifiers(formula: Expr) -> int:
    """Return how many quantifiers stand inside each other at most."""
    return (formula.head in _QUANTIFIERS) + max(map(_quantifiers, formula.parts), default=0)


def _fresh() -> Iterator[str]:
    yield from _LETTERS
    number = 1
    while True:
        yield from (f"{letter}{number}" for letter in _LETTERS)
        number += 1
