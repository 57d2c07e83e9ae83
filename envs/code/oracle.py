"""What should a function return, where a data set gives inputs and a program that is right? It is run to find out.

The program comes with the data, and is trusted no more than a reply: it runs in the sandbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from syllogym.envs.code.boxes import box
from syllogym.envs.code.sandbox import Call, Limits
from syllogym.envs.code.sandbox.inside import plain

LONGEST = 100_000
"""Bytes of an answer that is asked of a program; a few rows have inputs whose answers are a hundred times longer."""

_ASKING = """
def _answer(*given):
    import pickle
    value = ({function})(*given)
    return [value] if len(pickle.dumps(value)) <= {longest} else []
"""
_LIMITS = Limits(wall=60.0, cpu=60.0, memory=1 << 30, output=64 << 20)


def answers(program: str, function: str, inputs: Sequence[Sequence[Any]], isolation: str) -> list[tuple[Any, Any]]:
    """Return inputs and what the function returns for them; inputs with too long an answer are left out.

    Args:
        program: source.
        function: an expression among its names.
        inputs: arguments of each call.
        isolation: which sandbox (`syllogym.envs.code.sandbox.Sandbox`).

    Raises:
        ValueError: if it fails on one of them, or returns what is not plain data.
    """
    heard: list[str] = []

    def hear(given: str, expected: str) -> bool:
        heard.append(given)
        return True

    calls = [Call("_answer", tuple(given), judge=hear) for given in inputs]
    source = f"{program}\n{_ASKING.format(function=function, longest=LONGEST)}"
    verdict = box(isolation).run(source, calls, limits=_LIMITS).checked()
    if not verdict.passed:
        raise ValueError(f"its own solution fails on its own inputs: {verdict.message}")
    values = map(plain.decode, heard)
    return [(given, value[0]) for given, value in zip(inputs, values, strict=True) if value]
