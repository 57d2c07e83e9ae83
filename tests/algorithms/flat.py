"""How do padded arrays, as papers and test vectors write them, become the flat columns that methods take?"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from syllogym.algorithms.core.batch import Batch, Totals

Rows = list[list[float]]


def doubles(*values: float) -> Tensor:
    """Return a vector in double precision."""
    return torch.tensor(values, dtype=torch.float64)


def close(actual: Tensor, wanted: Tensor, tol: float = 1e-9) -> None:
    """Check that two tensors agree to `tol`, relative and absolute."""
    torch.testing.assert_close(actual, wanted, rtol=tol, atol=tol, check_dtype=False)


def flat(rows: Any, mask: Any = None) -> Tensor:
    """Return the entries of an (N, T) array where the mask is 1, row after row, in double precision."""
    array = torch.tensor(rows, dtype=torch.float64)
    return array.flatten() if mask is None else array[torch.tensor(mask) == 1]


def owner(mask: Any) -> Tensor:
    """Return the row of each entry that `flat` keeps."""
    return (torch.tensor(mask) == 1).nonzero()[:, 0]


def ones(rows: Any) -> Rows:
    """Return a mask that keeps everything."""
    return torch.ones_like(torch.tensor(rows)).tolist()


def batch_of(mask: Any, *, reward: Any = None, group: Any = None, engine: Any = None, **columns: Any) -> Batch:
    """Make a batch in which each row of the mask is a sequence and a trajectory; other columns are (N, T) arrays."""
    row = owner(mask)
    place = (torch.tensor(mask) == 1).nonzero()[:, 1]
    paid = flat(reward, mask) if reward is not None else torch.zeros(len(row), dtype=torch.float64)
    count = len(mask)
    never = torch.zeros(count, dtype=torch.bool)
    return Batch(
        sequences=[torch.arange(1 + len(mask[0])) for _ in mask],
        sequence=row,
        position=1 + place,
        trajectory=row,
        last=torch.cat([row[1:] != row[:-1], torch.tensor([True])]),
        reward=paid,
        engine=flat(engine, mask) if engine is not None else torch.zeros(len(row), dtype=torch.float64),
        version=torch.zeros(len(row), dtype=torch.long),
        outcome=torch.zeros(count, dtype=torch.float64).index_add(0, row, paid),
        group=torch.tensor(group if group is not None else range(count)),
        correct=torch.full((count,), torch.nan, dtype=torch.float64),
        cut=never,
        truncated=never,
        role=torch.zeros(count, dtype=torch.long),
        roles=["agent"],
        demonstrated=never,
        totals=Totals(len(row), count),
        **{name: flat(rows, mask) for name, rows in columns.items()},
    )
