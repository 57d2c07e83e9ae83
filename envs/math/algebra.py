r"""What does computer algebra say of two LaTeX answers, and is it so?

math-verify's parser (latex2sympy2_extended) must read the whole of both strings; its verdict "equal" then counts only
if it survives a numeric check to 50 digits. Closed numbers are judged by their digits alone, which also finds
:math:`e^{i\pi} = -1`.

Sympy can be sent into endless work, so this module is imported and run in worker processes only
(`syllogym.envs.worker`). Reply text reaches a LaTeX grammar here, never `eval`, `sympify` or `parse_expr`.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from itertools import permutations
from typing import Any

import sympy
from latex2sympy2_extended.latex2sympy2 import NormalizationConfig, latex2sympy, normalize_latex
from math_verify.grader import should_treat_as_complex, verify
from sympy.core.relational import Relational

DIGITS = 50
_EXACT = sympy.Float(10) ** -30
_DECIMAL = sympy.Float(10) ** -9
_SAMPLES = (("3/7", "5/11"), ("17/5", "13/9"), ("-19/8", "23/13"))
_INFINITE = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan)
_PERMUTED = 6  # sets of up to so many elements are matched in every order

# units=False: its list holds "ab", "bc", "h", "m", so that 2ab would be 2.
_NORMALIZATION = NormalizationConfig(units=False, malformed_operators=True, nits=True, boxed="none")
_FONT = re.compile(r"\\(?:mathrm|textrm|text|operatorname|mathit)(?:\s*\{\s*([A-Za-z])\s*\}|\s+([A-Za-z])\b)")
_EXPONENT = re.compile(r"(\d)[eE]([-+]?\d+)")
_POWER = re.compile(r"\*\*\s*(-?(?:\d+(?:\.\d+)?|[A-Za-z]|\([^()]*\)))\s*")
_POWERS = re.compile(f"(?:{_POWER.pattern})+")
_ROOT = re.compile(r"\\sqrt\(([^()]*)\)")
_UNREADABLE = re.compile(
    r"\d\s+\d"  # "3 4" would be read as 7
    r"|\d\s*_"  # a number's base would be dropped
    r"|\\approx|\\ldots|\\dots|\.\.\."
    r"|(?<![\\A-Za-z])[A-Za-z]{2,}\s+[A-Za-z]{2,}"  # prose would be a product of letters
)


def warm_up() -> None:
    """Build the parser's tables and load sympy's rules before the first deadline runs."""
    compare("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}")
    compare("(x+1)^2", "x^2+2x+1")
    compare("\\{1, \\pi\\}", "[2, 3)")


def compare(gold: str, answer: str) -> str:
    """Return ``equal``, ``different``, or ``unread`` when one of them cannot be read as a whole."""
    logging.disable(logging.CRITICAL)  # math-verify logs tracebacks of replies it cannot read
    try:
        expected, given = read(gold), read(answer)
        tolerance = _DECIMAL if "." in gold + answer else _EXACT
        if closed(expected) and closed(given):
            same = near(expected, given, tolerance)
        else:  # the numeric check goes first: it is the cheaper one
            same = agree(expected, given, tolerance) and bool(verify(expected, given, timeout_seconds=None))
    except MemoryError:
        raise
    except Exception:  # parser and sympy raise whatever they like over strange texts; all of it means the same
        return "unread"
    return "equal" if same else "different"


@lru_cache(maxsize=256)
def read(text: str) -> Any:
    """Parse the whole of a LaTeX string; raises whatever the parser does where it cannot."""
    if _UNREADABLE.search(text):
        raise ValueError("not an expression")
    text = _EXPONENT.sub(
        r"\1 \\times 10^{\2}", _ROOT.sub(r"\\sqrt{\1}", _FONT.sub(r" \1\2 ", _POWERS.sub(_tower, text)))
    )
    text = normalize_latex(text, _NORMALIZATION)
    value = latex2sympy(
        text, is_real=not should_treat_as_complex(text), convert_degrees=False, normalization_config=None
    )
    return value.as_immutable() if isinstance(value, sympy.MatrixBase) else value


def _tower(chain: re.Match[str]) -> str:
    """Write ``**b**c`` as LaTeX does, the last power first: ``^{b^{c}}``."""
    exponents = _POWER.findall(chain[0])
    return "".join(f"^{{{exponent}" for exponent in exponents) + "}" * len(exponents)


def closed(value: Any) -> bool:
    """Whether this is a number, if a complicated one: an expression without variables."""
    return _scalar(value) and all(symbol.name == "i" for symbol in value.free_symbols)


def agree(one: Any, other: Any, tolerance: Any) -> bool:
    """Check an "equal" numerically, part by part; False where the parts do not pair up."""
    one, other = _bare(one, other), _bare(other, one)
    if one == other:
        return True
    if isinstance(one, Relational) and isinstance(other, Relational):
        return _same_relation(one, other, tolerance)
    if _scalar(one) and _scalar(other):
        return all(near(one.subs(at), other.subs(at), tolerance) for at in _points(one, other))
    if type(one) is not type(other) or len(one.args) != len(other.args):
        return False
    if isinstance(one, sympy.Tuple | sympy.Interval | sympy.MatrixBase):
        return all(agree(a, b, tolerance) for a, b in zip(one.args, other.args, strict=True))
    if len(one.args) > _PERMUTED:
        return all(any(agree(a, b, tolerance) for b in other.args) for a in one.args)
    orders = permutations(other.args)
    return any(all(agree(a, b, tolerance) for a, b in zip(one.args, order, strict=True)) for order in orders)


def near(one: Any, other: Any, tolerance: Any) -> bool:
    """Whether two expressions without variables agree to within a relative tolerance."""
    a, b = _digits(one), _digits(other)
    if not (a.is_number and b.is_number) or a.has(*_INFINITE) or b.has(*_INFINITE):
        return bool(a == b and a is not sympy.nan)
    return bool(abs(a - b) <= tolerance * max(abs(a), abs(b)))


def _digits(value: Any) -> Any:
    """Return 50 digits of an expression; what has no significant digit at all is zero."""
    number = sympy.N(value.subs({symbol: sympy.I for symbol in value.free_symbols if symbol.name == "i"}), DIGITS)
    parts = [0 if isinstance(part, sympy.Float) and part._prec == 1 else part for part in number.as_real_imag()]
    return parts[0] + sympy.I * parts[1]


def _scalar(value: Any) -> bool:
    return isinstance(value, sympy.Expr) and not isinstance(value, sympy.MatrixBase)


def _bare(value: Any, beside: Any) -> Any:
    """Return ``5`` for ``{5}``, and for ``x = 5`` beside something that is no equation."""
    if isinstance(value, sympy.FiniteSet) and len(value.args) == 1:
        return _bare(value.args[0], beside)
    if isinstance(value, sympy.Eq) and value.lhs.is_Symbol and not isinstance(beside, Relational):
        return value.rhs
    return value


def _same_relation(one: Any, other: Any, tolerance: Any) -> bool:
    """Two relations say the same when what they compare with zero is in one fixed proportion."""
    a, b = one.lhs - one.rhs, other.lhs - other.rhs
    ratios = [sympy.N(a.subs(at) / b.subs(at), DIGITS) for at in _points(a, b)]
    same_way = one.func == other.func or ratios[0].is_negative
    return same_way and all(near(ratios[0], ratio, tolerance) for ratio in ratios[1:])


def _points(*values: Any) -> list[dict[Any, Any]]:
    """Return a few fixed values for the variables: fractions far from the zeros and poles people write."""
    symbols = sorted(set().union(*(value.free_symbols for value in values)), key=str)
    return [
        {symbol: sympy.Rational(first) + k * sympy.Rational(step) for k, symbol in enumerate(symbols)}
        for first, step in _SAMPLES
    ]
