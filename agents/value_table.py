"""What is each reply worth, where states come again and again? A table keyed by their text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from syllogym.errors import UserError

_FILE = "values.json"


class ValueTable:
    """Q(s, a) as a table.

    Args:
        initial: value of what has not been tried; above what can be earned, it makes the greedy player try everything.
    """

    def __init__(self, initial: float = 0.0) -> None:
        self.initial = initial
        self.rows: dict[str, dict[str, float]] = {}

    def of(self, state: str, choices: Sequence[str]) -> list[float]:
        """Return the value of each choice in a state."""
        row = self.rows.get(state, {})
        return [row.get(choice, self.initial) for choice in choices]

    def move(self, state: str, choice: str, by: float) -> None:
        """Change one value."""
        row = self.rows.setdefault(state, {})
        row[choice] = row.get(choice, self.initial) + by

    def save(self, folder: Path) -> None:
        """Write the table as JSON, which gives every number back exactly."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"initial": self.initial, "rows": self.rows}, ensure_ascii=False)
        (folder / _FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> ValueTable:
        """Read what `save` wrote; `UserError` when it is not there."""
        try:
            saved = json.loads((folder / _FILE).read_text(encoding="utf-8"))
            table = cls(saved["initial"])
            table.rows = saved["rows"]
        except (OSError, ValueError, KeyError) as error:
            raise UserError(f"{folder} holds no table of values that can be read: {error}") from error
        return table
