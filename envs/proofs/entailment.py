r"""Does it follow? Problems of FOLIO, ProofWriter, PrOntoQA, ProsQA and LogicalDeduction, with a checked derivation.

``envs.make("proofs/entailment", preset="folio", file="folio-validation.jsonl")`` reads a file (jsonl, json, parquet or
csv, ``.gz`` too) or a data set on the hub; without either there are a few problems of our own.
"""

from __future__ import annotations

import random

from syllogym.envs import Reward, register
from syllogym.envs.answers import FORMS, extract
from syllogym.envs.proofs.deduction.checker import NaturalDeduction
from syllogym.envs.proofs.english import (
    Literal,
    NotUnderstood,
    Theory,
    derivation_of,
    label,
    meaning_of,
    understand,
    wrong_line,
)
from syllogym.envs.proofs.natural_deduction import HOW
from syllogym.envs.proofs.problems import Problem, read_problems
from syllogym.envs.proofs.prover import Theorem
from syllogym.envs.question import Question
from syllogym.errors import UserError, check_choice

_OPEN, _CLOSE = "<derivation>", "</derivation>"


@register()
class Entailment(Question):
    """One problem a turn. The part `correct` is paid for the answer, `derivation` for showing it.

    Options:
        preset: form of the rows: folio, proofwriter, prontoqa, prosqa, logical_deduction (`envs/proofs/problems.py`).
        file: local file or hub name. subset, part: configuration and split of a hub data set.
        extract: how the answer is found in a reply, one of the forms of `syllogym.envs.answers`.
        derivation: share of the reward that is paid for a derivation of what is true, or of its denial where it is
            false; only with the right answer, which is paid alone where neither follows. It is asked for where one can
            be checked: of sentences, each given or following by one given rule from those before, where the text is
            understood (`envs/proofs/english.py`); in natural deduction, where a row of FOLIO has formulas.
    """

    def draw(
        self,
        rng: random.Random,
        preset: str = "",
        file: str = "",
        subset: str | None = None,
        part: str = "test",
        extract: str = "boxed",
        derivation: float = 0.0,
    ) -> tuple[str, Problem]:
        check_choice("The form of an answer", extract, FORMS)
        if not 0.0 <= derivation <= 1.0:
            raise UserError(f"derivation is a share from 0 to 1; not {derivation!r}.")
        problem = rng.choice(read_problems(preset, file, subset, part))
        self.answer_in, self.share = extract, derivation if _checkable(problem) else 0.0
        return f"{problem.told}\n{problem.asked}{_how(problem) if self.share else ''}", problem

    def grade(self, reply: str, answer: Problem) -> float:
        found = extract(reply, self.answer_in)
        right = found is not None and _plain(found) in map(_plain, answer.answers)
        if not self.share or _open(answer):
            return Reward(correct=float(right))
        shown = right and _shows(answer, reply.rpartition(_OPEN)[2].partition(_CLOSE)[0])
        return Reward(correct=right * (1.0 - self.share), derivation=shown * self.share)

    def solution(self, answer: Problem) -> str:
        said = FORMS[self.answer_in].write % (answer.answers[0],)
        if not self.share or _open(answer) or answer.theorem:  # no formal proof is known
            return said
        derivation = "\n".join(derivation_of(*_goal(answer)))
        return f"{_OPEN}\n{derivation}\n{_CLOSE}\n{said}"


def _plain(answer: str) -> str:
    return " ".join(answer.casefold().rstrip(".").split())


def _checkable(problem: Problem) -> bool:
    """Say whether a derivation could be checked, if there is anything to derive."""
    try:
        return bool(problem.theorem) or isinstance(_meaning(problem)[1], Literal)
    except NotUnderstood:
        return False


def _open(problem: Problem) -> bool:
    """Say whether neither what is asked nor its denial follows."""
    return "Uncertain" in problem.answers if problem.theorem else label(*_meaning(problem)) is None


def _meaning(problem: Problem) -> tuple[Theory, Literal]:
    """Return what a problem's text says, and its statement. Raises `NotUnderstood`."""
    statement = meaning_of(problem.statement)
    if not isinstance(statement, Literal):
        raise NotUnderstood(f"{problem.statement!r} is a rule")
    return understand(problem.told), statement


def _goal(problem: Problem) -> tuple[Theory, Literal]:
    """Return what a problem's text says, and what of it is to be derived."""
    theory, statement = _meaning(problem)
    return theory, statement._replace(true=statement.true == label(theory, statement))


def _how(problem: Problem) -> str:
    where = f"between {_OPEN} and {_CLOSE} (nothing if it is neither)"
    if problem.theorem:
        return f"\nProve {problem.theorem}, or the denial ~(...) of what is behind |-, {where}.\n{HOW}"
    return (
        f"\nDerive what is true, or what denies it if it is false, {where}: a sentence a line, each of them given "
        "above, or following by one rule above from facts above and lines before."
    )


def _shows(problem: Problem, derivation: str) -> bool:
    """Say whether a derivation shows the right answer."""
    if problem.theorem:
        premises, _, conclusion = problem.theorem.rpartition(" |- ")
        shown = f"~({conclusion})" if "False" in problem.answers else conclusion
        return NaturalDeduction().check(Theorem(f"{premises} |- {shown}"), derivation).proved
    lines = [line for line in derivation.strip().split("\n") if line.strip()]
    return len(lines) <= 1_000 and wrong_line(*_goal(problem), lines) is None
