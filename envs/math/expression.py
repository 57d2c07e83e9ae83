"""What is the exact value of an arithmetic expression, and which numbers does it use?

The text is parsed to a syntax tree that is walked with whole numbers and fractions; nothing is ever executed. Length,
nesting, exponents and powers are bounded, so that ``9**9**9**9`` or a million parentheses fail at once.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

Number: TypeAlias = int | Fraction

LONGEST = 512
"""Characters an expression may have."""

DEEPEST = 200
"""Levels an expression may be nested; a sum of n terms has n levels."""

_MOST_BITS = 2_048
_SIGNS = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "^": "**", "[": "(", "]": ")", "{": "(", "}": ")"})  # noqa: RUF001 - the signs replies use
_LATEX = re.compile(r"\\(?:left|right|times|cdot|div|[dt]?frac\{([^{}]*)\}\{([^{}]*)\})")
_WRITTEN = {"\\times": "*", "\\cdot": "*", "\\div": "/", "\\left": "", "\\right": ""}
_FORBIDDEN = re.compile(r"[^0-9+\-*/(). ]")


class Evaluation(NamedTuple):
    """An expression's exact value, and the numbers written in it from left to right."""

    value: Number
    numbers: list[Number]


def evaluate(text: str) -> Evaluation:
    """Evaluate numbers, ``+ - * /``, ``**`` or ``^`` and brackets, also in their typographic and LaTeX forms.

    Raises:
        ValueError: for anything else, a division by zero, or an expression beyond the bounds; it says which.
    """
    if len(text) > LONGEST:
        raise ValueError(f"the expression has {len(text)} characters; {LONGEST} are allowed")
    plain = _plain(text)
    numbers: list[Number] = []
    try:
        value = _walk(ast.parse(plain, mode="eval").body, plain, numbers, DEEPEST)
    except ZeroDivisionError:
        raise ValueError("division by zero") from None
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError("it is not a well-formed expression") from None
    if _bits(value) > _MOST_BITS:
        raise ValueError("its value is too large")
    return Evaluation(value, numbers)


def divide(left: Number, right: Number) -> Number:
    """Divide exactly; the result is a plain `int` where it is whole, which keeps what follows fast."""
    if type(left) is type(right) is int:
        whole, rest = divmod(left, right)
        return Fraction(left, right) if rest else whole
    return Fraction(left) / right


def _plain(text: str) -> str:
    if "\\" in text:
        text = _LATEX.sub(lambda m: _WRITTEN.get(m[0]) or (f"(({m[1]})/({m[2]}))" if m[2] else ""), text)
    text = " ".join(text.translate(_SIGNS).split())
    if wrong := _FORBIDDEN.search(text):  # the parser would warn about some letters, and accept names
        raise ValueError(f"{wrong[0]!r} does not belong in an expression")
    return text


def _walk(node: ast.expr, text: str, numbers: list[Number], depth: int) -> Number:
    if depth == 0:
        raise ValueError(f"it is nested more than {DEEPEST} levels deep")
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left = _walk(node.left, text, numbers, depth - 1)
        return _BINARY[type(node.op)](left, _walk(node.right, text, numbers, depth - 1))
    if isinstance(node, ast.UnaryOp) and type(node.op) in (ast.UAdd, ast.USub):
        value = _walk(node.operand, text, numbers, depth - 1)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        # a decimal is read from its text, since the parser has rounded it
        number = node.value if type(node.value) is int else Fraction(text[node.col_offset : node.end_col_offset])
        numbers.append(number)
        return number
    raise ValueError("only numbers, + - * / ** and brackets are allowed")


def _power(base: Number, exponent: Number) -> Number:
    if exponent.denominator != 1:
        raise ValueError("an exponent must be a whole number")
    if _bits(base) * abs(exponent.numerator) > _MOST_BITS:
        raise ValueError("a power is too large")
    return Fraction(base) ** exponent.numerator


def _bits(number: Number) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


_BINARY: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: divide,
    ast.Pow: _power,
}
