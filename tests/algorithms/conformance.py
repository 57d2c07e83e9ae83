"""Does a function give every number of a test vector?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from tests.algorithms.flat import close, doubles

Given = dict[str, Any]
Case = Callable[[Given, Given], Given]
"""From a vector's inputs and params to its expected numbers, by name; arrays of any shape, in reading order."""


def agrees(case: Case, vector: Given) -> None:
    """Check that the case finds what the vector expects, all of it and nothing else."""
    found, expected = case(vector["inputs"], vector["params"]), vector["expected"]
    assert found.keys() == expected.keys()
    for key, wanted in expected.items():
        close(torch.as_tensor(found[key]).flatten(), doubles(*_numbers(wanted)), vector["tol"])


def _numbers(nested: Any) -> list[float]:
    return [number for part in nested for number in _numbers(part)] if isinstance(nested, list) else [nested]


def padded(column: Tensor, mask: Any) -> Tensor:
    """Undo `flat`: return an (N, T) array with zeros where the mask is 0."""
    array = torch.zeros(torch.tensor(mask).shape, dtype=column.dtype)
    array[torch.tensor(mask) == 1] = column.detach()
    return array


def paid_last(scores: list[float], mask: Any) -> list[list[float]]:
    """Return token rewards that pay each score at the last token of its row."""
    return [[score * (at + 1 == sum(row)) for at in range(len(row))] for score, row in zip(scores, mask, strict=True)]
