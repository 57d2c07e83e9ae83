"""Does a conclusion follow from premises, in the word of z3? Its terms are built by its API; it is never given text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3

from syllogym.envs.proofs.deduction.formulas import ALL, AND, EQ, EX, FALSE, IFF, IMP, NOT, OR, Expr
from syllogym.envs.proofs.deduction.reading import read_sequent

THINGS = z3.DeclareSort("Thing")
_JUNCTIONS = {AND: z3.And, OR: z3.Or, IMP: z3.Implies}


def holds(formula: Expr, bound: Sequence[Any] = ()) -> Any:
    """Translate a formula; the same name with other numbers of arguments, or as a thing, is another symbol."""
    head, parts = formula
    if head in (ALL, EX):
        thing = z3.Const(f"#{len(bound)}", THINGS)
        return (z3.ForAll if head == ALL else z3.Exists)([thing], holds(parts[0], (*bound, thing)))
    if head in _JUNCTIONS:
        return _JUNCTIONS[head](*(holds(part, bound) for part in parts))
    if head == IFF:
        return holds(parts[0], bound) == holds(parts[1], bound)
    if head == NOT:
        return z3.Not(holds(parts[0], bound))
    if head == FALSE:
        return z3.BoolVal(False)
    if head == EQ:
        return thing_of(parts[0], bound) == thing_of(parts[1], bound)
    if not parts:
        return z3.Bool(f"proposition {head}")
    kinds = [THINGS] * len(parts)
    return z3.Function(f"predicate {head}/{len(parts)}", *kinds, z3.BoolSort())(*(thing_of(p, bound) for p in parts))


def thing_of(term: Expr, bound: Sequence[Any]) -> Any:
    """Translate a term."""
    if term.head.startswith("#"):
        return bound[-1 - int(term.head[1:])]
    if not term.parts:
        return z3.Const(f"thing {term.head}", THINGS)
    kinds = [THINGS] * len(term.parts)
    return z3.Function(f"function {term.head}/{len(term.parts)}", *kinds, THINGS)(
        *(thing_of(p, bound) for p in term.parts)
    )


def follows(premises: Iterable[Expr], conclusion: Expr, limit: int = 200_000) -> bool | None:
    """Say whether a conclusion follows; None where z3 does not know within `limit` of its own units of work."""
    solver = z3.Solver()
    solver.set("rlimit", limit)
    solver.add(*(holds(premise) for premise in premises), z3.Not(holds(conclusion)))
    return {"unsat": True, "sat": False}.get(str(solver.check()))


def valid(statement: str, limit: int = 200_000) -> bool | None:
    """Say whether a theorem such as ``p -> q, p |- q`` is valid; None where z3 does not know."""
    premises, conclusion = read_sequent(statement)
    return follows([premise.formula for premise in premises], conclusion.formula, limit)
