r"""How is a short mathematical answer written plainly, and which number does it write?

Only strings are read here; nothing is evaluated. What these functions cannot read plainly is left to
`syllogym.envs.math.algebra`.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from syllogym.envs.answers import as_number

_SPACING = re.compile(
    r"(?<!\\)\\[!,;: ]|\\q?quad(?![a-zA-Z])|~|\\(?:left|right|displaystyle)(?![a-zA-Z])\.?|(?<!\\)\$|[\u200b\ufeff]"
)
_FRACTION = re.compile(r"\\[dtc]frac(?![a-zA-Z])")
_SHORT_FRACTION = re.compile(r"\\frac\s*(?:(\d)|\{([^{}]*)\})\s*(?:(\d)|\{([^{}]*)\})")
_LETTERS = re.compile(r"\\(?:mathrm|textrm|text|mbox|textbf|textit|mathbf|operatorname)\s*\{([^{}]*)\}")
_ONE_LETTER_SCRIPT = re.compile(r"([_^])\{(\w)\}")
_LOOSE_SPACE = re.compile(r"(?<![0-9A-Za-z,])\s+|\s+(?![0-9A-Za-z])")
_WRITINGS = {"\\%": "%", "\\$": "", "\u2212": "-", "{,}": ",", "\\degree": "^\\circ", "°": "^\\circ", "π": "\\pi"}

_UNIT_WORD = (
    r"(?:square|cubic|sq|cu|per|[cmk]?m|k?g|lbs?|ft|feet|foot|in|inch(?:es)?|yards?|miles?|met(?:er|re)s?|centimeters?|"
    r"kilometers?|grams?|kilograms?|pounds?|lit(?:er|re)s?|seconds?|minutes?|hours?|hrs?|days?|weeks?|months?|years?|"
    r"dollars?|cents?|degrees?|radians?|units?|mph|kmh)"
)
_UNIT = re.compile(
    rf"(?P<value>.*[\d}})])(?:\s*(?P<text>\\(?:text|textrm|mathrm|mbox)\s*\{{[^{{}}\d]*\}})|"
    rf"\s+(?P<words>{_UNIT_WORD}(?:[\s/]+{_UNIT_WORD})*))(?P<power>\s*\^\s*\{{?[23]\}}?)?\s*",
    re.DOTALL,
)
_JOINS = re.compile(r"\b(?:or|and)\b")
_MIXED = re.compile(r"(-?)(\d+)(?: ?\\frac\{(\d+)\}\{(\d+)\}| (\d+)/(\d+))")
_SCIENTIFIC = re.compile(
    r"([-+]?\d+(?:\.\d*)?)(?:[eE]|\s?(?:\\times|\\cdot|\*|x|\u00d7)\s?10(?:\^|\*\*))([-+]?\d{1,3}|\{[-+]?\d{1,3}\})"
)
_APART = re.compile(r"\d\s+\d|,\s")
_SEPARATOR = re.compile(r",|;|(?<![A-Za-z\\])(?:and|or)(?![A-Za-z])")
_THOUSANDS = re.compile(r"(?<=\d)\\,(?=\d{3}(?!\d))|\\!")


class Number(NamedTuple):
    """A number as written: its exact value, and whether a percent sign follows it."""

    value: Fraction
    percent: bool

    def same(self, other: Number) -> bool:
        """Whether two numbers agree; where only one bears a percent sign, 25% is both 25 and 1/4."""
        if self.percent == other.percent:
            return self.value == other.value
        marked, plain = (self, other) if self.percent else (other, self)
        return plain.value in (marked.value, marked.value / 100)


def tidy(text: str) -> str:
    r"""Return the text without typography: ``$\dfrac12$.`` becomes ``\frac{1}{2}``; spaces between letters remain."""
    for written, plain in _WRITINGS.items():
        text = text.replace(written, plain)
    text = _FRACTION.sub(r"\\frac", _SPACING.sub(" ", _THOUSANDS.sub("", text)))
    text = _SHORT_FRACTION.sub(lambda m: f"\\frac{{{m[1] or m[2] or ''}}}{{{m[3] or m[4] or ''}}}", text)
    text = _LOOSE_SPACE.sub("", _ONE_LETTER_SCRIPT.sub(r"\1\2", text))
    return " ".join(text.split()).rstrip(".")


def plain(text: str) -> str:
    r"""Return the form under which equal strings are equal answers: `tidy`, fonts off, words in small letters."""
    bare = tidy(_LETTERS.sub(r" \1 ", text)).replace(", ", ",")
    return bare.lower() if re.fullmatch(r"[A-Za-z]{3,}(?: [A-Za-z]+)*", bare) else bare


def split_unit(text: str) -> tuple[str, str]:
    r"""Return an answer's value and its unit: ``10\text{ cm}`` is ``10`` and ``cm``; without a unit, ``""``."""
    match = _UNIT.fullmatch(text)
    if match is None or (match["words"] and as_number(match["value"]) is None):
        return text, ""
    unit = re.sub(r"\\[a-z]+\s*\{|\}|\s", "", match["text"] or match["words"])
    if _JOINS.search(unit):
        return text, ""
    return match["value"].strip(), unit.lower().rstrip("s.") + re.sub(r"\D", "", match["power"] or "")


def number(text: str) -> Number | None:
    r"""Return the number that a tidy text writes, or None.

    Integers, decimals, fractions, mixed numbers (``1\frac{1}{2}``), thousands separators, ``4.5e33``,
    ``4.5\times10^{33}`` (exponents of up to three digits), a percent or degree sign at the end.
    """
    bare = text.removesuffix("^\\circ")
    percent = bare.endswith("%")
    bare = bare.removesuffix("%").strip()
    if mixed := _MIXED.fullmatch(bare):
        above, below = int(mixed[3] or mixed[5]), int(mixed[4] or mixed[6])
        if not below:
            return None
        return Number((int(mixed[2]) + Fraction(above, below)) * (-1 if mixed[1] else 1), percent)
    if scientific := _SCIENTIFIC.fullmatch(bare):
        return Number(Fraction(scientific[1]) * Fraction(10) ** int(scientific[2].strip("{}")), percent)
    value = None if _APART.search(bare) or "=" in bare else as_number(bare)
    return None if value is None else Number(value, percent)


def numbers(text: str) -> list[Number] | None:
    """Return the numbers of a list such as ``1, 2 and 3``; None when a part is no plain number."""
    parts = [number(part.strip()) for part in _SEPARATOR.split(tidy(_LETTERS.sub(r" \1 ", text)))]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else None
