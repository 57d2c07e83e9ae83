"""How do rows of logic data sets become problems: what is told, what is asked, which answers are right?

FOLIO's rows hold formulas beside the sentences; ProofWriter, PrOntoQA and LogicalDeduction are read in the form of the
Logic-LLM project (context, question, options, answer: a letter), ProsQA in that of its authors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from syllogym.envs.proofs.deduction.reading import NotAFormula, read_sequent
from syllogym.envs.tables import NoField, field, load, text
from syllogym.errors import UserError, check_choice

SAMPLE = Path(__file__).with_name("sample.jsonl")
"""A few problems of our own in PrOntoQA's and ProofWriter's English, used when neither a preset nor a file is named."""

_loading = Lock()
_OPTION = re.compile(r"\s*\(?([A-Z])[).:]\s*(.*)", re.DOTALL)
_PROSQA = re.compile(r"Is (?P<who>\w+) an? (?P<one>\w+) or (?:an? )?(?P<other>\w+)\?")
_PARTS = re.compile(r"(?<=\w)[^\w\s(),](?=\w)")
_ADDED = re.compile(r"[^\x00-\x7f∀∃∧\u2228¬→↔⟷⊕⊥≠]|(?<=\w)[+](?=[),])")


class Problem(NamedTuple):
    """One problem.

    Attributes:
        told: the premises, as text. asked: the question. answers: those that are right, the first as it is best given.
        statement: the sentence that is true or false, for derivations; "" where there is none.
        theorem: the formal premises and what is asked of them, as a sequent; "" where there are no formulas.
    """

    told: str
    asked: str
    answers: tuple[str, ...]
    statement: str = ""
    theorem: str = ""


def read_problems(preset: str, file: str, subset: str | None = None, part: str = "test") -> tuple[Problem, ...]:
    """Return the problems of a file or hub data set, loaded once in this process.

    Args:
        preset: one of `PRESETS`, "" for the form of ProofWriter. file: path or hub name; "" for problems of our own.
        subset, part: configuration and split of a hub data set.

    Raises:
        UserError: naming file and row when something is missing or is not in the form of the preset.
    """
    check_choice("A preset", preset, ("", *PRESETS))
    if preset and not file:
        raise UserError(f"The preset {preset!r} needs its rows: name a file, as in file='{preset}.jsonl'.")
    with _loading:
        return _read(preset or "proofwriter", file or str(SAMPLE), subset, part)


@lru_cache(maxsize=16)
def _read(preset: str, source: str, subset: str | None, part: str) -> tuple[Problem, ...]:
    found = []
    for place, raw in enumerate(load(source, subset, part), start=1):
        try:
            found.append(PRESETS[preset](raw))
        except (NoField, UserError) as error:
            raise UserError(f"Row {place} of {source} {error}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"Row {place} of {source} is not in the form of {preset}: {error}.") from error
    if not found:
        raise UserError(f"{source} holds no rows.")
    return tuple(found)


def _options(raw: Mapping[str, Any]) -> Problem:
    """Read a context, a question, options, and the letter of the right one."""
    options: Sequence[str] = field(raw, "options")
    letter = text(raw, "answer")
    marks = {match[1]: match[2] for match in map(_OPTION.fullmatch, options) if match is not None}
    if letter not in marks:
        raise ValueError(f"the answer {letter!r} is none of the options {', '.join(marks)}")
    question = text(raw, "question")
    asked = "\n".join((question, *options))
    statement = question.partition("? ")[2].strip()
    return Problem(text(raw, "context"), asked, (letter, marks[letter].strip(), options[ord(letter) - 65]), statement)


def _folio(raw: Mapping[str, Any]) -> Problem:
    """Read premises, a conclusion, and whether it is True, False or Uncertain (also called Unknown)."""
    premises = field(raw, "premises")
    told = premises if isinstance(premises, str) else "\n".join(premise.strip() for premise in premises)
    conclusion, label = text(raw, "conclusion"), text(raw, "label")
    answers = {"True": ("True",), "False": ("False",)}.get(label, ("Uncertain", "Unknown"))
    if label not in ("True", "False", *answers):
        raise ValueError(f"the label {label!r} is none of True, False, Uncertain, Unknown")
    asked = f"Is this true, false or uncertain (True, False, Uncertain)? {conclusion}"
    return Problem(told, asked, answers, "", folio_theorem(raw))


def folio_theorem(raw: Mapping[str, Any]) -> str:
    """Return the sequent of a row of FOLIO, whether it is true or not.

    It is "" where the row has no formulas, or some that cannot be read.
    """
    formulas, conclusion = raw.get("premises-FOL"), raw.get("conclusion-FOL")
    if not conclusion or not formulas:
        return ""
    formulas = [folio_formula(formula) for formula in (*formulas, conclusion)]
    theorem = f"{', '.join(formulas[:-1])} |- {formulas[-1]}"
    try:
        read_sequent(theorem)
    except NotAFormula:
        return ""
    return theorem


def folio_formula(formula: str) -> str:
    """Return one of FOLIO's formulas with names that can be read: ``gpt-3``, ``mr.smith``, letters with accents."""
    named = _PARTS.sub("_", formula.strip().rstrip("."))
    return _ADDED.sub(lambda sign: f"_{ord(sign[0]):x}", named)


def _prosqa(raw: Mapping[str, Any]) -> Problem:
    """Read a text that ends with the question which of two things somebody is."""
    told, _, asked = text(raw, "question").rpartition(". ")
    match = _PROSQA.fullmatch(asked)
    answer = text(raw, "answer")
    right = answer.rstrip(".").split()[-1]
    if match is None or right not in (match["one"], match["other"]):
        raise ValueError(f"the question {asked!r} and the answer {answer!r} do not fit")
    return Problem(f"{told}.", asked, (right, answer.rstrip(".")), answer)


PRESETS: dict[str, Callable[[Mapping[str, Any]], Problem]] = {
    "folio": _folio,
    "proofwriter": _options,
    "prontoqa": _options,
    "prosqa": _prosqa,
    "logical_deduction": _options,
}
"""What reads a row of each set."""
