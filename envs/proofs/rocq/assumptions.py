"""What does a proof rest on? Axioms by name, read from Coq's own audit; some are those of everyday mathematics."""

from __future__ import annotations

import re
from collections.abc import Collection

_EVERYDAY = """
classic functional_extensionality_dep propositional_extensionality proof_irrelevance eq_rect_eq JMeq_eq
constructive_definite_description constructive_indefinite_description dependent_unique_choice relational_choice
sig_forall_dec sig_not_dec epsilon_statement
"""

STANDARD = frozenset(_EVERYDAY.split())
"""Axioms of the standard library that are allowed unless said otherwise; a preamble has to bring them."""

_CLOSED = "Closed under the global context"
_HEADINGS = ("Axioms:", "Section Variables:", "Theory:")
_NAME = re.compile(r"[^\s:]+")


def assumptions(told: str) -> tuple[str, ...]:
    """Return what `Print Assumptions` lists: names of axioms, and whole lines that say a check was left out."""
    lines = [line for line in told.splitlines() if line.strip() and not line[0].isspace()]
    if lines == [_CLOSED]:
        return ()
    found = []
    for line in lines:
        name = _NAME.match(line)
        if line not in _HEADINGS and name:
            rest = line[name.end() :].strip()
            found.append(name[0] if not rest or rest.startswith(":") else line)
    return tuple(found) or ("something that Coq does not name",)


def forbidden(found: Collection[str], allowed: Collection[str]) -> list[str]:
    """Return those that are not allowed; a name counts by its last part."""
    return [one for one in found if one not in allowed and one.rpartition(".")[2] not in allowed]
