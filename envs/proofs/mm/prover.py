"""The Metamath prover: theorems of a database or of one's own, proved step by step or checked whole.

A step is a label, and behind it expressions for variables of that statement, each after a ``$``::

    ax-mp $ ph ( ps -> ps )

A variable that neither the goal nor the step determines becomes a work variable, shown as ``$1``, ``$2``, ...; later
steps determine it, or may name it in expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from syllogym.envs.proofs.mm import tactics
from syllogym.envs.proofs.mm.assembly import assemble
from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.grammar import Grammar, Pattern, Term, TooDeep, leaves, pattern_of
from syllogym.envs.proofs.mm.kernel import run
from syllogym.envs.proofs.mm.proof_text import WrongProof, place_of, read_proof
from syllogym.envs.proofs.mm.source import MetamathError, Source
from syllogym.envs.proofs.mm.statements import Assertion, Hypothesis
from syllogym.envs.proofs.mm.unification import LONGEST, work, work_number
from syllogym.envs.proofs.prover import ProofState, ProofVerdict, Theorem, WrongStep
from syllogym.errors import UserError

CHECKER = "syllogym metamath"
PROOF = 1_000_000
"""Characters that a proof may have."""

ROOM = 3_000_000
"""Symbols that the expressions of one proof may have in all."""

_SETTINGS = 1_000
_WORK = re.compile(r"\$[1-9]\d{0,3}", re.ASCII)


class MetamathProver:
    """Proves from the statements of a database, of those that stand before the theorem where it is one of them.

    Args:
        database: all of it is trusted: verify it first (`syllogym.envs.proofs.mm.kernel.verify`).
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.grammar = Grammar(database)
        self.patterns: dict[str, Pattern | None] = {}
        self.placed = lru_cache(_SETTINGS)(self._placed)
        self.setting = lru_cache(_SETTINGS)(self._setting)

    def theorem(self, label: str) -> Theorem:
        """Return a theorem of the database: its statement, and what is in force for it as preamble."""
        found = self.database.labels.get(label)
        if not isinstance(found, Assertion):
            raise UserError(f"There is no theorem {label!r} in the database.")
        return Theorem(self.database.statement(found.fact), label, self._preamble(found))

    def open(self, theorem: Theorem) -> ProofState:
        """Return the state whose goal is the theorem."""
        setting = self.setting(theorem)
        return self._state(tactics.Stage(setting, (setting.goal,)), (), (), 0)

    def apply(self, state: ProofState, step: str) -> ProofState:
        """Prove the first goal from what a step names; `WrongStep` says why it does not follow."""
        stage: tactics.Stage = state.handle
        if not stage.goals:
            raise WrongStep("Nothing is left to prove.")
        words = step.split()
        if not words:
            raise WrongStep("The step is empty: name a statement.")
        label = words[0]
        if label in stage.setting.hypotheses:
            if len(words) > 1:
                raise WrongStep(f"{label} is a hypothesis, which has no variables to choose.")
            after = tactics.by_hypothesis(stage, label)
        else:
            pattern = self._pattern(label, stage)
            after = tactics.by_assertion(stage, pattern, self._chosen(words[1:], pattern, stage) if words[1:] else {})
        old = state.goals[1:] if after.known is stage.known else ()
        return self._state(after, old, (*state.steps, step), len(after.goals) - len(old))

    def proof(self, state: ProofState) -> str:
        """Write the proof that a state without goals stands for, to be checked; `WrongStep` where there is none."""
        if state.goals:
            raise WrongStep(f"{len(state.goals)} goals are left.")
        return assemble(tactics.settled(state.handle))

    def check(self, theorem: Theorem, proof: str) -> ProofVerdict:
        """Check a proof, normal or compressed: what would stand between ``$=`` and ``$.``, without comments."""
        assertion, database = self.placed(theorem)
        if len(proof) > PROOF:
            return ProofVerdict(False, f"The proof has more than {PROOF:,} characters.", 1, 1, checker=CHECKER)
        try:
            source = Source("proof", proof)
            if "$" in proof:
                raise MetamathError("A proof holds labels and letters only, no '$'.", source, proof.index("$"))
            steps = read_proof(proof, assertion, database.labels)
            run(steps, assertion, database, ROOM)
        except WrongProof as error:
            line, column = source.place(place_of(error, proof))
            return ProofVerdict(False, error.reason, line, column, (), CHECKER, error.step or 0)
        except MetamathError as error:
            return ProofVerdict(False, error.reason, error.line, error.column, checker=CHECKER)
        used = {item.label: None for item in steps.items if isinstance(item, Assertion)}
        depends = tuple(label for label in used if self._is_provable(label))
        return ProofVerdict(True, depends=depends, checker=CHECKER, valid_steps=len(steps.order))

    def close(self) -> None:
        """There is nothing to end."""

    def shown(self, goal: tactics.Goal) -> str:
        """Write a goal."""
        names = self.database.names
        return " ".join([names.get(symbol) or f"${work_number(symbol) + 1}" for symbol in goal[0] + goal[1].body])

    def pattern(self, label: str) -> Pattern | None:
        """Return an assertion of the database as terms, None where it cannot be used in a step."""
        if label not in self.patterns:
            found = self.database.labels.get(label)
            usable = isinstance(found, Assertion) and self._is_provable(label)
            try:
                self.patterns[label] = pattern_of(found, self.grammar) if usable else None  # type: ignore[arg-type]
            except TooDeep:
                self.patterns[label] = None
        return self.patterns[label]

    def _is_provable(self, label: str) -> bool:
        return self.database.labels[label].fact[0] == self.grammar.provable

    def _pattern(self, label: str, stage: tactics.Stage) -> Pattern:
        theorem, found = stage.setting.theorem, self.database.labels.get(label)
        if label == theorem.label or (found is not None and found.number >= theorem.number):
            raise WrongStep(f"{label} is the theorem itself or stands behind it.")
        if found is None:
            raise WrongStep(f"There is no statement {label!r}.")
        pattern = self.pattern(label)
        if pattern is None:
            what = "no assertion" if isinstance(found, Hypothesis) else "syntax, which needs no step"
            raise WrongStep(f"{label} is {what}.")
        return pattern

    def _chosen(self, words: list[str], pattern: Pattern, stage: tactics.Stage) -> dict[str, Term]:
        """Read what a step chooses: ``$ VARIABLE EXPRESSION`` again and again."""
        if words[0] != "$":
            raise WrongStep(f"{words[0]!r} stands where '$' is awaited, as in '$ VARIABLE EXPRESSION'.")
        variables = {self.database.names[variable.body]: variable for variable in pattern.variables}
        chosen: dict[str, Term] = {}
        for name, *expression in _groups(words):
            variable = variables.get(name)
            if variable is None or variable.body in chosen:
                twice = "chosen twice" if variable else f"no variable of {pattern.assertion.label}"
                raise WrongStep(f"{name or 'Nothing'} is {twice}; it has {', '.join(variables) or 'none'}.")
            chosen[variable.body] = self._term(expression, variable.type, stage)
        return chosen

    def _term(self, words: list[str], type: str, stage: tactics.Stage) -> Term:
        text = " ".join(words)
        known = stage.setting.terms.get((type, text))
        if known is not None:
            return known
        variables = stage.setting.variables
        if "$" in text:
            variables = {**variables, **{term.body: term for term in tactics.open_variables(stage)}}
        body = "".join(self._symbol(word, variables) for word in words[:LONGEST])
        try:
            term = self.grammar.parse(body, variables, type) if len(words) <= LONGEST else None
        except TooDeep:
            term = None
        if term is None:
            raise WrongStep(f"{text[:200] or 'Nothing'} is no {self.database.names[type]}.")
        if _newest(term) >= stage.setting.theorem.number:
            raise WrongStep("The expression uses syntax that is declared behind the theorem.")
        if not term.open:
            stage.setting.terms[type, text] = term
        return term

    def _symbol(self, word: str, variables: Mapping[str, Term]) -> str:
        found = self.database.symbol(word)
        if _WORK.fullmatch(word):
            found = work(int(word[1:]) - 1, "").body
        if found in variables or (found and found in self.database.constants):
            return found
        raise WrongStep(f"The symbol {word} is not declared here.")

    def _state(self, stage: tactics.Stage, old: tuple[str, ...], steps: tuple[str, ...], new: int) -> ProofState:
        if not old:
            return ProofState(tuple(map(self.shown, stage.goals)), stage, steps)
        return ProofState((*map(self.shown, stage.goals[:new]), *old), stage, steps)

    def _placed(self, theorem: Theorem) -> tuple[Assertion, Database]:
        """Return the theorem with its frame, read anew unless it is one of the database, and where it stands."""
        found = self.database.labels.get(theorem.name)
        if isinstance(found, Assertion) and self.theorem(theorem.name) == theorem:
            return found, self.database
        if found is not None:
            raise UserError(f"{theorem.name!r} is another statement in the database: name the theorem otherwise.")
        text = f"${{ {theorem.preamble}\n{theorem.name} $p {theorem.statement} $= ? $. $}}"
        database = self.database.stating(Source(theorem.name, text))
        return database.theorems[0], database

    def _setting(self, theorem: Theorem) -> tactics.Setting:
        assertion, database = self.placed(theorem)
        variables = leaves(assertion.frame)
        goals: dict[str, tactics.Goal] = {}
        for label, (kind, body) in [("", assertion.fact), *((e.label, e.fact) for e in assertion.frame.essential)]:
            try:
                term = self.grammar.parse(body, variables)
            except TooDeep:
                term = None
            if term is None or kind != self.grammar.provable:
                raise UserError(f"{theorem.name} cannot be proved by steps: {self.database.statement((kind, body))!r} "
                                "is not built by the syntax axioms of its database behind '|-'.")  # fmt: skip
            goals[label] = (kind, term)
        goal = goals.pop("")
        return tactics.Setting(assertion, goal, variables, goals, database, {})

    def _preamble(self, theorem: Assertion) -> str:
        names, database = self.database.names, self.database
        mine = [one.fact[1] for one in theorem.hypotheses if one.floating]
        lines = [
            f"$d {names[one]} {names[other]} $."
            for place, one in enumerate(mine)
            for other in mine[place + 1 :]
            if other in theorem.frame.apart.get(one, ())
        ]
        lines += [f"{one.label} $e {database.statement(one.fact)} $." for one in theorem.frame.essential]
        return "\n".join(lines)


def _groups(words: list[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for word in [*words[1:], "$"]:
        if word == "$":
            yield group or [""]
            group = []
        else:
            group.append(word)


def _newest(term: Term) -> int:
    left, newest = [term], -1
    while left:
        term = left.pop()
        left += term.parts
        newest = max(newest, term.syntax.number if term.syntax else -1)
    return newest
