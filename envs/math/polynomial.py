"""How is a polynomial with whole coefficients written?"""

from __future__ import annotations

from collections.abc import Sequence


def written(coefficients: Sequence[int], variable: str = "x") -> str:
    """Write a polynomial, highest power first: ``[3, -1, 0]`` is ``3x^2 - x``."""
    text = ""
    for power, factor in zip(range(len(coefficients) - 1, -1, -1), coefficients, strict=True):
        if factor:
            sign = (" - " if text else "-") if factor < 0 else (" + " if text else "")
            size = str(abs(factor)) if abs(factor) != 1 or power == 0 else ""
            text += sign + size + (variable if power else "") + (f"^{power}" if power > 1 else "")
    return text or "0"
