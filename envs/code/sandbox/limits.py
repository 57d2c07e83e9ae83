"""How much may one run of a program use?"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from syllogym.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Bounds of one run; each is enforced from outside of the program.

    Attributes:
        wall: seconds from start to end.
        patience: seconds that are added at most when the program had to wait for a core of a busy machine.
        cpu: seconds of processor time, all threads together.
        memory: bytes of address space, the interpreter's included (some 50 MB).
        output: bytes of each of: standard output, the values it returns, one file.
        threads: how many threads may live at a time. Processes are never allowed.
        files: entries in its private folder. storage: bytes in it.
        descriptors: open files.
    """

    wall: float = 3.0
    patience: float = 1.0
    cpu: float = 2.0
    memory: int = 512 << 20
    output: int = 1 << 20
    threads: int = 32
    files: int = 256
    storage: int = 16 << 20
    descriptors: int = 32

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
                raise UserError(f"The limit {field.name} is a number above 0; not {value!r}.")
        if self.memory < 128 << 20:
            raise UserError(
                f"The limit memory is at least {128 << 20} bytes, to hold the interpreter; not {self.memory}."
            )

    def plain(self) -> dict[str, int | float]:
        """What the fork server is told."""
        return {field.name: getattr(self, field.name) for field in fields(self)}
