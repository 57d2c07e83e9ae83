"""What did each model get right, and what did it cost? One row a question, one column a model."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syllogym.envs.routing.card import ModelCard
from syllogym.errors import UserError, did_you_mean

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RoutingTable:
    """The replies of M models to N questions, judged and paid.

    Attributes:
        name: of the table. cards: the M models. questions: the N texts, all different.
        quality: (N, M), in [0, 1]. cost: (N, M), dollars of the call.
        families: of each question, the task family it belongs to: what intervals are clustered by.
        seconds, completion: (N, M), how long a reply took, and its tokens; None where nobody counted.
    """

    name: str
    cards: tuple[ModelCard, ...]
    questions: tuple[str, ...]
    quality: Array
    cost: Array
    families: tuple[str, ...]
    seconds: Array | None = None
    completion: Array | None = None

    def __post_init__(self) -> None:
        shape = (len(self.questions), len(self.cards))
        if 0 in shape:
            raise UserError(f"{self.name}: a table needs at least one question and one model; it has {shape}.")
        if len(self.families) != shape[0]:
            raise UserError(f"{self.name}: {shape[0]} questions have {len(self.families)} families.")
        self._check_names()
        for key in ("quality", "cost", "seconds", "completion"):
            cells = getattr(self, key)
            if cells is not None:
                self._check_cells(key, cells, shape)

    def _check_names(self) -> None:
        for what, names in (("model", self.models), ("question", self.questions)):
            if len(set(names)) != len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise UserError(f"{self.name}: the {what} {twice[:80]!r} is there {names.count(twice)} times.")

    def _check_cells(self, key: str, cells: Array, shape: tuple[int, int]) -> None:
        if cells.shape != shape:
            raise UserError(f"{self.name}: {key} has the shape {cells.shape}, and there are {shape} cells.")
        high = 1.0 if key == "quality" else np.inf
        wrong = ~(np.isfinite(cells) & (cells >= 0) & (cells <= high))
        if wrong.any():
            row, column = map(int, np.argwhere(wrong)[0])
            asks = "in [0, 1]" if key == "quality" else "0 or more"
            raise UserError(
                f"{self.name}: {key} must be {asks}; row {row}, model {self.models[column]} has {cells[row, column]} "
                f"({int(wrong.sum())} such cells)."
            )

    def __len__(self) -> int:
        return len(self.questions)

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models, in the order of the columns."""
        return tuple(card.name for card in self.cards)

    def column(self, model: str) -> int:
        """Return a model's column. Raises UserError where it has none."""
        if model not in self.models:
            known = ", ".join(self.models)
            raise UserError(f"{self.name} has no model {model!r}; it has {known}.{did_you_mean(model, self.models)}")
        return self.models.index(model)

    def rows(self, chosen: Sequence[int] | NDArray[Any]) -> RoutingTable:
        """Return the table of these questions alone, by number or by a mask."""
        index = np.arange(len(self))[np.asarray(chosen)]
        return replace(
            self,
            questions=tuple(self.questions[i] for i in index),
            families=tuple(self.families[i] for i in index),
            **{key: value[index] for key, value in self._cells().items()},
        )

    def only(self, models: Sequence[str]) -> RoutingTable:
        """Return the table of these models alone, in this order."""
        columns = [self.column(model) for model in models]
        cards = tuple(self.cards[column] for column in columns)
        return replace(self, cards=cards, **{key: value[:, columns] for key, value in self._cells().items()})

    def split(self, test: float = 0.5, salt: str = "") -> tuple[RoutingTable, RoutingTable]:
        """Return a part to learn from and one to be judged on; which a question is in, its own text decides."""
        if not 0 < test < 1:
            raise UserError(f"{self.name}: the share of the test part is between 0 and 1; it is {test}.")
        marks = [zlib.crc32(f"{salt}{question}".encode("utf-8", "surrogatepass")) for question in self.questions]
        held = np.array(marks) < test * 2**32
        return self.rows(~held), self.rows(held)

    def _cells(self) -> dict[str, Any]:
        every = {key: getattr(self, key) for key in ("quality", "cost", "seconds", "completion")}
        return {key: value for key, value in every.items() if value is not None}
