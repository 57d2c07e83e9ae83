"""How many tokens does a reply take?"""

from __future__ import annotations

from typing import NamedTuple


class Tokens(NamedTuple):
    """Tokens of one request; `cached` of the prompt's had been computed before."""

    prompt: int
    completion: int
    cached: int = 0
