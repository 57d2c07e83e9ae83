"""Where do routing tables come from? A source says what a row of a file holds; all the rest is done here.

A source is one file in `envs/routing/tables/`, or anybody's own under ``@source("mine/table")``. ``load_table({name:
routerbench, path: ...})`` makes the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from syllogym.envs import tables
from syllogym.envs.routing.assemble import DUPLICATES, MISSING, UNPRICED, Cells, Policy
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError, check_choice
from syllogym.registry import Registry

registry: Registry[Any] = Registry("envs/routing/tables", "routing table", mark="source")
source = registry.register


class Answers(NamedTuple):
    """What one row tells: of one question, what some models made of it. A model that is not named has no value.

    Attributes:
        question: its text. quality: by model, 0 to 1. family: of the question, for intervals.
        cost: dollars, by model. tokens: of the replies, by model. replies: their texts, by model.
    """

    question: str
    quality: Mapping[str, Any]
    family: str = ""
    cost: Mapping[str, Any] = {}
    tokens: Mapping[str, Any] = {}
    replies: Mapping[str, str] = {}


@dataclass(kw_only=True)
class TableSource:
    """A table in files. Write `answers`; fields with other defaults say what such files are known to need.

    Attributes:
        path: of a file, or of several whose rows are put together.
        models: which ones, in this order; all of them if None.
        missing: cells without a value are an ``error``, ``wrong`` (quality 0, and paid all the same), or leave out
            their row (``drop``) or their model (``drop_models``).
        duplicates: a question that is there twice is an ``error``; the ``first`` holds; their ``mean`` does; or
            ``keep`` both, the second marked as a copy.
        labels: what texts in the place of numbers mean, such as ``{"yes": 1, "no": 0}``.
        prices, unpriced: see `syllogym.envs.routing.prices`; where no dollars are recorded, they are computed from
            characters. tokens: of a reply, where nothing is known of its length.
    """

    name: ClassVar[str] = ""

    path: str | list[str]
    models: list[str] | None = None
    missing: str = "error"
    duplicates: str = "error"
    labels: dict[str, float] = field(default_factory=dict)
    prices: str | list[str] | dict[str, dict[str, Any]] | None = None
    unpriced: str = "error"
    tokens: int = 256

    def __post_init__(self) -> None:
        check_choice("missing", self.missing, MISSING)
        check_choice("duplicates", self.duplicates, DUPLICATES)
        check_choice("unpriced", self.unpriced, UNPRICED)

    def answers(self, row: Mapping[str, Any]) -> Iterable[Answers]:
        """Say what a row of a file holds."""
        raise NotImplementedError(f"{type(self).__name__} needs answers(self, row)")

    def load(self) -> RoutingTable:
        """Read the files. Raises UserError that names the cell that is wrong."""
        cells = Cells(self.name, self.labels, self.duplicates)
        for answers in self._rows():
            for model, quality in answers.quality.items():
                tokens, cost = answers.tokens.get(model), answers.cost.get(model)
                cells.add(answers.question, answers.family, model, quality, cost, tokens, answers.replies.get(model))
        policy = Policy(self.models, self.missing, self.prices, self.unpriced, self.tokens)
        return cells.table(policy)

    def _rows(self) -> Iterator[Answers]:
        for path in [self.path] if isinstance(self.path, str) else self.path:
            for number, row in enumerate(tables.load(path)):
                try:
                    yield from self.answers(row)
                except (KeyError, TypeError, AttributeError, tables.NoField) as error:
                    raise UserError(
                        f"Row {number} of {path} is not as {self.name!r} has them "
                        f"({type(error).__name__}: {error}); it holds {', '.join(map(str, row))}."
                    ) from error


def load_table(spec: str | Mapping[str, Any]) -> RoutingTable:
    """Load a table: a mapping with the name of its source and options, such as its path."""
    if not isinstance(spec, Mapping) or not isinstance(spec.get("name"), str):
        raise UserError(
            f"A routing table is a mapping with its name and path, such as {{name: routerbench, path: ...}}; not "
            f"{spec!r}. There are {', '.join(registry.names())}."
        )
    made: TableSource = registry.build(spec["name"], {key: value for key, value in spec.items() if key != "name"})
    return made.load()
