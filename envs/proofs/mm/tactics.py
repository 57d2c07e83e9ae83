"""How is a theorem proved backwards? A step names what the first goal follows from; its hypotheses are the new goals.

Stages are never changed, so that any of them can be gone on from more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.grammar import Pattern, Term
from syllogym.envs.proofs.mm.statements import Assertion
from syllogym.envs.proofs.mm.unification import NoUnifier, match, resolve, substitute, unify, work
from syllogym.envs.proofs.prover import WrongStep

Goal = tuple[str, Term]
"""What is to be proved: typecode and term."""


class Setting(NamedTuple):
    """A theorem to be proved.

    Attributes:
        theorem: itself, with its frame. goal: what it says. variables: those in force, as terms, by their character.
        hypotheses: its ``$e``, by label. database: what it is proved from. terms: expressions that were parsed for it.
    """

    theorem: Assertion
    goal: Goal
    variables: Mapping[str, Term]
    hypotheses: Mapping[str, Goal]
    database: Database
    terms: dict[tuple[str, str], Term]


class Done(NamedTuple):
    """A step that was taken, and those before it.

    Attributes:
        before: the step before. goal: what it proves. pattern: by which assertion; None for a hypothesis `label`.
        terms: what stands for the variables of the pattern, in their order.
    """

    before: Done | None
    goal: Goal
    label: str
    pattern: Pattern | None
    terms: tuple[Term, ...]


class Known(NamedTuple):
    """What one step told of work variables, and what was known before."""

    bindings: Mapping[str, Term]
    before: Known | None


class Stage(NamedTuple):
    """What is left to prove.

    Attributes:
        goals: the next one first, free of work variables that are known. done: the last step.
        known: what work variables came to stand for, newest first; values hold only such as became known later.
        apart: pairs of terms that must have no variable in common, of which something is open yet.
        made: how many work variables there are so far.
    """

    setting: Setting
    goals: tuple[Goal, ...]
    done: Done | None = None
    known: Known | None = None
    apart: tuple[tuple[Term, Term], ...] = ()
    made: int = 0


def by_hypothesis(stage: Stage, label: str) -> Stage:
    """Prove the first goal by a hypothesis of the theorem."""
    goal, (kind, said) = stage.goals[0], stage.setting.hypotheses[label]
    bindings: dict[str, Term] = {}
    try:
        unify(said, goal[1], bindings)
    except NoUnifier as error:
        raise WrongStep(f"The hypothesis {label} is not the goal: {error}.") from None
    if kind != goal[0]:
        raise WrongStep(f"The hypothesis {label} is not the goal: they are of different types.")
    return _advanced(stage, Done(stage.done, goal, label, None, ()), (), bindings, stage.made, ())


def by_assertion(stage: Stage, pattern: Pattern, chosen: Mapping[str, Term]) -> Stage:
    """Prove the first goal by an assertion; what stands for its variables may be chosen, and is found where it is not.

    What neither the goal nor the choice determines becomes a work variable.
    """
    (kind, goal), assertion, made = stage.goals[0], pattern.assertion, stage.made
    found: dict[str, Term] = dict(chosen)
    bindings: dict[str, Term] = {}
    if kind != assertion.type:
        raise WrongStep(f"{assertion.label} proves something of another type.")
    try:
        if not goal.open and not match(pattern.conclusion, goal, found):
            raise NoUnifier("they differ")
        for variable in pattern.variables:
            if variable.body not in found:
                found[variable.body] = work(made, variable.type)
                made += 1
        if goal.open:
            unify(substitute(pattern.conclusion, found), goal, bindings)
            found = {symbol: resolve(term, bindings) for symbol, term in found.items()}
        hypotheses = tuple([(type, substitute(term, found)) for type, term in pattern.hypotheses])
    except NoUnifier as error:
        raise WrongStep(f"{assertion.label} does not prove the goal: {error}.") from None
    terms = tuple([found[variable.body] for variable in pattern.variables])
    apart = tuple([(found[one], found[other]) for one, other in pattern.apart])
    done = Done(stage.done, stage.goals[0], assertion.label, pattern, terms)
    return _advanced(stage, done, hypotheses, bindings, made, apart)


def _advanced(
    stage: Stage,
    done: Done,
    new: tuple[Goal, ...],
    bindings: Mapping[str, Term],
    made: int,
    apart: tuple[tuple[Term, Term], ...],
) -> Stage:
    goals, waiting = new + stage.goals[1:], stage.apart + apart
    if bindings:
        try:
            goals = tuple([(kind, resolve(term, bindings)) for kind, term in goals])
            waiting = tuple([(resolve(one, bindings), resolve(other, bindings)) for one, other in waiting])
        except NoUnifier as error:
            raise WrongStep(f"{done.label} cannot be used here: {error}.") from None
    if waiting:
        waiting = tuple(_still_open(waiting, stage.setting, done.label))
    known = Known(bindings, stage.known) if bindings else stage.known
    return Stage(stage.setting, goals, done, known, waiting, made)


def _still_open(pairs: Iterable[tuple[Term, Term]], setting: Setting, label: str) -> Iterator[tuple[Term, Term]]:
    """Check what is known of terms that must be apart; yield those of which something is open."""
    kept, symbols = setting.theorem.frame.apart, setting.database.variables
    for one, other in pairs:
        others = symbols.intersection(other.body)
        for symbol in symbols.intersection(one.body):
            if not others <= kept.get(symbol, frozenset()):
                raise WrongStep(f"{label} wants variables apart that no $d statement keeps apart.")
        if one.open or other.open:
            yield one, other


def all_known(stage: Stage) -> dict[str, Term]:
    """Return what every work variable stands for that stands for something."""
    bindings: dict[str, Term] = {}
    known = stage.known
    while known is not None:
        bindings |= {symbol: resolve(term, bindings) for symbol, term in known.bindings.items()}
        known = known.before
    return bindings


def settled(stage: Stage) -> Stage:
    """Choose variables in force for the work variables that nothing determined; `WrongStep` where none fits."""
    chosen: dict[str, Term] = {}
    apart, setting = stage.apart, stage.setting
    for term in open_variables(stage):
        for variable in setting.variables.values():
            if variable.type != term.type or term.body in chosen:
                continue
            tried = {term.body: variable}
            try:
                left = tuple((resolve(one, tried), resolve(other, tried)) for one, other in apart)
                apart = tuple(_still_open(left, setting, "The proof"))
            except WrongStep:
                continue
            chosen |= tried
        if term.body not in chosen:
            raise WrongStep("No variable in force fits what the steps left undetermined.")
    return stage._replace(known=Known(chosen, stage.known), apart=apart)


def open_variables(stage: Stage) -> list[Term]:
    """Return the work variables that are left in a proof, each once."""
    found: dict[str, Term] = {}
    bindings, step = all_known(stage), stage.done
    while step is not None:
        left = [resolve(term, bindings) for term in step.terms if term.open]
        while left:
            term = left.pop()
            left += [part for part in term.parts if part.open]
            if term.open and term.syntax is None:
                found[term.body] = term
        step = step.before
    return list(found.values())
