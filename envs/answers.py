r"""In which form is an answer asked for, written, and found again in a reply?

Replies are only read as strings: nothing is evaluated, time is linear in the reply, and an answer longer than `LONGEST`
characters is none. Where a reply gives several answers of one form the last one counts, even when it is unfinished: a
policy that boxes every candidate is paid for its last word, and one that was cut off inside the box for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any, NamedTuple

from syllogym.errors import check_choice

LONGEST = 512
"""Characters an answer may have."""

_TAIL = 4_096
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.])[-\u2212]?(?:\d{1,3}(?:,\d{3})++(?!\d)|\d++)(?:\.\d++)?(?![eE][-+]?\d)", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII)
_PLAIN = re.compile(r"([-+]?(?:\d+(?:\.\d*)?|\.\d+))(?:/(\d+))?", re.ASCII)
_NOISE = re.compile(r"\\[,!;$]")
_AROUND = re.compile(r" ?([-+/=]) ?")
_NAMED = re.compile(r"^[a-zA-Z](?:_?\d|_\{\d\})?=", re.ASCII)
_FRAC = re.compile(r"([-+]?)\\[dt]?frac\{([-+]?\d+)\}\{(\d+)\}", re.ASCII)


def extract(reply: str, how: str = "boxed") -> str | None:
    r"""Return the answer a reply gives, stripped of white space; None when it gives none.

    Args:
        reply: any text, however long or hostile.
        how: ``boxed`` for the last ``\boxed{...}`` (or ``\fbox{...}``), braces matched; ``hashes`` for what follows the
            last ``####`` on its line; ``tag`` for the last ``<answer>...</answer>``; ``number`` for the last decimal
            number; ``any`` for the first of these four that finds something; ``plain`` for the whole reply.
    """
    check_choice("The form of an answer", how, FORMS)
    return FORMS[how].find(reply)


def vote(reply: str, how: str | None) -> Hashable:
    """Return what a reply answers, for counting: numbers of the same value are the same; None where it answers nothing.

    Args:
        how: the form of the answer; None for whole replies, upper and lower case and white space apart.
    """
    if how is None:
        return " ".join(reply.casefold().split()) or None
    found = extract(reply, how)
    number = as_number(found) if found else None
    return found if number is None else number


def matches(found: str, answer: Any) -> bool:
    """Say whether a text is the answer: a number by its exact value, anything else letter by letter."""
    if isinstance(answer, int | Fraction):
        return as_number(found) == answer
    return found == str(answer)


def as_number(text: str) -> Fraction | None:
    r"""Return the exact value of a plain number such as ``-12``, ``1,234``, ``0.5``, ``3/4`` or ``\frac{3}{4}``.

    A name in front, as in ``x = 3``, is skipped. Everything else is None: expressions, ``nan``, ``inf``, exponents,
    digits of other scripts, a zero denominator.
    """
    if len(text) > LONGEST:
        return None
    bare = _AROUND.sub(r"\1", _NOISE.sub("", text.strip(" $\n").replace("\u2212", "-").replace("{,}", ",")))
    bare = _FRAC.sub(r"\1\2/\3", _NAMED.sub("", bare))
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    match = _PLAIN.fullmatch(bare)
    if match is None:
        return None
    below = int(match[2] or 1)
    return Fraction(match[1]) / below if below else None


def _boxed(reply: str) -> str | None:
    start = max(reply.rfind("\\boxed"), reply.rfind("\\fbox"))
    if start < 0:
        return None
    start = reply.find("{", start, start + 8) + 1
    depth = 1
    for brace in _BRACES.finditer(reply, start, start + LONGEST + 1) if start else ():
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return reply[start : brace.start()].strip() or None
    return None


def _hashes(reply: str) -> str | None:
    _, mark, rest = reply.rpartition("####")
    return _short(rest.partition("\n")[0]) if mark else None


def _tag(reply: str) -> str | None:
    _, mark, rest = reply.rpartition("<answer>")
    answer, closed, _ = rest.partition("</answer>")
    return _short(answer) if mark and closed else None


def _number(reply: str) -> str | None:
    found = _NUMBER.findall(reply, max(0, len(reply) - _TAIL))
    return _short(found[-1].replace("\u2212", "-").replace(",", "")) if found else None


def _any(reply: str) -> str | None:
    return _boxed(reply) or _hashes(reply) or _tag(reply) or _number(reply)


def _short(answer: str) -> str | None:
    answer = answer.strip()
    return answer if 0 < len(answer) <= LONGEST else None


class Form(NamedTuple):
    """One form of an answer: how it is found in a reply, asked for in a prompt, and written (``%s`` is the answer)."""

    find: Callable[[str], str | None]
    ask: str
    write: str


FORMS = {
    "boxed": Form(_boxed, r"Put the final answer in \boxed{}.", r"\boxed{%s}"),
    "hashes": Form(_hashes, "End with #### and the final answer.", "#### %s"),
    "tag": Form(_tag, "Put the final answer between <answer> and </answer>.", "<answer>%s</answer>"),
    "number": Form(_number, "End with the final answer, a number.", "%s"),
    "any": Form(_any, r"Put the final answer in \boxed{}.", r"\boxed{%s}"),
    "plain": Form(_short, "", "%s"),
}
"""Every form by its name."""
