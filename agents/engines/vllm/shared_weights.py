"""How does another process get at a policy's weights? They lie in memory that both share; nothing goes to disk.

The memory has no name in any folder: it is reached through the process that holds it, and is gone with the last one.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import torch
from torch import Tensor

Layout: TypeAlias = list[tuple[str, str, list[int], int]]
"""Name, type (``float32``), shape and first byte of every tensor; it goes over the wire as it is."""

_ALIGNED = 64


class SharedWeights:
    """Memory for one copy of some weights.

    Args:
        weights: names and tensors; the first copy. dtype: what floating-point numbers are kept in.

    Attributes:
        path: where processes of the same user find it. layout: what lies where in it.

    Raises:
        MemoryError: the machine has not as much left.
    """

    def __init__(self, weights: Iterable[tuple[str, Tensor]], dtype: torch.dtype) -> None:
        weights = list(weights)
        self.layout: Layout = []
        size = 0
        for name, tensor in weights:
            kept = dtype if tensor.is_floating_point() else tensor.dtype
            self.layout.append((name, str(kept).removeprefix("torch."), list(tensor.shape), size))
            size += -(-tensor.numel() * kept.itemsize // _ALIGNED) * _ALIGNED
        if size > (left := memory_left()):
            raise MemoryError(f"the weights take {size / 2**30:.1f} GiB, and {left / 2**30:.1f} are left")
        self.file = os.memfd_create("syllogym-weights")
        os.ftruncate(self.file, max(size, 1))
        self.path = f"/proc/{os.getpid()}/fd/{self.file}"
        self._tensors = dict(at(self.path, self.layout))
        self.write(weights)

    def write(self, weights: Iterable[tuple[str, Tensor]]) -> None:
        """Copy weights of the same names and shapes over those that are there."""
        given = dict(weights)
        if given.keys() != self._tensors.keys():
            raise ValueError(f"other weights than at first: {sorted(given.keys() ^ self._tensors.keys())[:4]}")
        with torch.no_grad():
            for name, tensor in given.items():
                self._tensors[name].copy_(tensor)

    def close(self) -> None:
        """Let go of the memory."""
        self._tensors = {}
        os.close(self.file)


def at(path: str, layout: Iterable[Any]) -> Iterator[tuple[str, Tensor]]:
    """Yield the tensors that lie in shared memory; they change as it is written to."""
    with open(path, "r+b") as file:
        memory = mmap.mmap(file.fileno(), 0)
    for name, kind, shape, begin in layout:
        dtype = getattr(torch, kind)
        count = 1
        for places in shape:
            count *= places
        if count == 0:
            yield name, torch.empty(shape, dtype=dtype)
        else:
            yield name, torch.frombuffer(memory, dtype=dtype, count=count, offset=begin).view(shape)


def memory_left() -> int:
    """Return how many bytes the machine can still give away, by Linux's own estimate."""
    with open("/proc/meminfo", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable:"))
