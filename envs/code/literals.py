r"""Which value does a text write down? Read as a Python literal; nothing in it is run.

Only texts made of the words of literals reach Python's parser (no names, no calls, no f-strings), so that it has
nothing to warn of, either. Values are compared in their canonical texts, by exact type.
"""

from __future__ import annotations

import ast
import re

from syllogym.envs.code.sandbox.inside import plain

_ESCAPE = r"[\n\\'\"abfnrtvx]|[0-3][0-7]{0,2}|[4-7][0-7]?(?![0-7])"
_WORD = re.compile(
    rf"""\s++
    | (?<![\w.]) (?: True | False | None | set\(\s*\) ) (?!\w)
    | (?<![\w.]) (?: \d++ (?:\.\d*+)? | \.\d++ ) (?:[eE][-+]?\d++)? j? (?![\w.])
    | (?<![\w'"]) [bB]? (?: '(?:[^'\\\n]|\\(?:{_ESCAPE}))*+' | "(?:[^"\\\n]|\\(?:{_ESCAPE}))*+" )
    | (?<![\w'"])       (?: '(?:[^'\\\n]|\\(?:{_ESCAPE}|[uUN]))*+' | "(?:[^"\\\n]|\\(?:{_ESCAPE}|[uUN]))*+" )
    | [][(){{}},:+-]
    """,
    re.VERBOSE,
)


def value_of(text: str) -> str:
    """Return the canonical text of the value that a literal writes.

    Raises:
        ValueError: if it is no literal.
    """
    place = 0
    while place < len(text):
        word = _WORD.match(text, place)
        if word is None:
            raise ValueError(f"{text[place : place + 20]!r} does not belong to a Python literal")
        place = word.end()
    try:
        return plain.encode(ast.literal_eval(text), strict=True)
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(f"that is no Python literal: {error}") from error


def arguments_of(text: str) -> tuple[object, ...]:
    """Return the values that are written between the brackets of a call, by position.

    Raises:
        ValueError: if these are not literals.
    """
    values = plain.decode(value_of(f"({text},)"))
    return tuple(values)
