"""Which theorems does a file hold? Rows of miniF2F, ProofNet and PutnamBench, or of any file in their forms.

A row has its text in one field (``lean4``), or in two (``header`` and ``formal_statement``), ends with a theorem that
has no proof, and may tell it in words: in ``informal_prefix``, or in the comment before the theorem.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from syllogym.envs.proofs.lean4.statements import read_theorem
from syllogym.envs.proofs.prover import Theorem
from syllogym.envs.tables import NoField, load, text
from syllogym.errors import UserError, check_choice

SAMPLE = Path(__file__).with_name("sample.jsonl")
"""A few easy theorems of our own that need no library, used when no file is named."""

_loading = Lock()
_COMMENT = re.compile(r"/--?(?P<words>(?:(?!-/).)*)-/\s*(?:theorem|lemma)\b(?!.*?/-)", re.DOTALL)
_DEFINITION = re.compile(r"\s*(?:noncomputable\s+)?def\b")


class Exercise(NamedTuple):
    """A theorem, what it says in words, and a proof where one is known ("" where none is)."""

    theorem: Theorem
    words: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Preset:
    """How one data set's rows are read.

    Attributes:
        split: whether rows name their split. definitions: whether some rows are definitions, which are left out.
    """

    split: bool = True
    definitions: bool = False


PRESETS = {"minif2f": Preset(), "proofnet": Preset(definitions=True), "putnambench": Preset(split=False)}
"""The sets that are known by name."""


def read_exercises(preset: str, file: str, part: str) -> tuple[Exercise, ...]:
    """Return the theorems of a file, read once in this process.

    Args:
        preset: one of `PRESETS`; "" for any file in the form of one. file: path or hub name; "" for our own.
        part: the split: of a hub data set, or the one that rows of a file must name; "" for all rows of a file.

    Raises:
        UserError: naming file and row when something is missing or cannot be read.
    """
    check_choice("A preset", preset, ("", *PRESETS))
    if preset and not file:
        raise UserError(f"The preset {preset!r} needs its rows: name a file, as in file='{preset}.jsonl'.")
    with _loading:
        return _read(preset, file or str(SAMPLE), part)


@lru_cache(maxsize=16)
def _read(preset: str, source: str, part: str) -> tuple[Exercise, ...]:
    known = PRESETS.get(preset, Preset(split=False))
    found = []
    for place, raw in enumerate(load(source, None, part or "test"), start=1):
        if part and raw.get("split", part) != part:
            continue
        if known.definitions and _DEFINITION.match(str(raw.get("formal_statement", ""))):
            continue
        try:
            found.append(_exercise(raw))
        except (NoField, UserError) as error:
            raise UserError(f"Row {place} of {source} {error}") from error
    if not found:
        raise UserError(f"{source} holds no rows{f' of the split {part!r}' if part else ''}.")
    return tuple(found)


def _exercise(raw: Mapping[str, Any]) -> Exercise:
    if "lean4" in raw:
        whole = text(raw, "lean4")
        comment = _COMMENT.search(whole)
        words = comment["words"] if comment else ""
    else:
        header = str(raw.get("header") or "")
        whole, words = f"{header}\n{text(raw, 'formal_statement')}", str(raw.get("informal_prefix") or "")
    words = words.strip().removeprefix("/--").removeprefix("/-").removesuffix("-/")
    return Exercise(read_theorem(whole), " ".join(words.split()), str(raw.get("proof") or ""))
