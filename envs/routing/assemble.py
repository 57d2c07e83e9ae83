"""How do cells become a table? Counted once each, judged as numbers, complete, and priced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any, NamedTuple

import numpy as np

from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.prices import Given, cards_of
from syllogym.envs.routing.table import Array, RoutingTable
from syllogym.errors import UserError, did_you_mean

MISSING = ("error", "wrong", "drop", "drop_models")
DUPLICATES = ("error", "first", "mean", "keep")
UNPRICED = ("error", "drop")

CHARACTERS = 4
"""Characters of a token, where only texts or their lengths are known."""


class Policy(NamedTuple):
    """What becomes of cells that are not there: see `syllogym.envs.routing.source.TableSource`."""

    models: list[str] | None
    missing: str
    prices: Given | None
    unpriced: str
    tokens: int


class _Cell(NamedTuple):
    quality: float
    cost: float
    tokens: float
    reply: str


@dataclass
class Cells:
    """Cells as they come, by question and model."""

    name: str
    labels: Mapping[str, float]
    duplicates: str
    _found: dict[str, dict[str, list[_Cell]]] = field(default_factory=dict)
    _families: dict[str, str] = field(default_factory=dict)
    _models: dict[str, None] = field(default_factory=dict)

    def add(
        self, question: str, family: str, model: str, quality: Any, cost: Any, tokens: Any, reply: str | None
    ) -> None:
        """Take in a cell; one without a quality only tells that there is such a question and such a model."""
        self._models.setdefault(model)
        row = self._row(question, family)
        value = self._number("quality", quality, question, model)
        if np.isnan(value):
            return
        if row.get(model) and self.duplicates != "mean":
            if self.duplicates == "first":
                return
            if self.duplicates == "error":
                raise UserError(
                    f"{self.name}: {question[:80]!r} is there twice for {model}. Say which holds (duplicates: first), "
                    "take their mean (mean), or keep both (keep)."
                )
            copy = 2
            while row.get(model):
                row = self._row(f"{question}\n(copy {copy})", family)
                copy += 1
        dollars = self._number("cost", cost, question, model)
        cell = _Cell(value, dollars, self._number("tokens", tokens, question, model), reply or "")
        row.setdefault(model, []).append(cell)

    def table(self, policy: Policy) -> RoutingTable:
        """Make the table."""
        models = self._wanted(policy.models)
        cards = cards_of(models, policy.prices, policy.unpriced)
        priced = [(model, card) for model, card in zip(models, cards, strict=True) if card is not None]
        if not priced:
            raise UserError(f"{self.name}: no model is left; there were {', '.join(models) or 'none'}.")
        questions = list(self._found)
        cells = [[self._found[question].get(model) for model, _ in priced] for question in questions]
        there = np.array([[bool(cell) for cell in row] for row in cells]).reshape(len(cells), len(priced))
        rows, columns = self._complete(there, policy.missing, questions, [model for model, _ in priced])
        questions = [questions[i] for i in rows]
        kept = [[cells[i][j] or [_Cell(0.0, nan, nan, "")] for j in columns] for i in rows]
        return self._made(questions, [priced[j][1] for j in columns], kept, policy)

    def _made(
        self, questions: list[str], cards: list[ModelCard], cells: list[list[list[_Cell]]], policy: Policy
    ) -> RoutingTable:
        def column(key: str) -> Array:
            values = [[sum(getattr(one, key) for one in cell) / len(cell) for cell in row] for row in cells]
            return np.array(values, dtype=np.float64).reshape(len(cells), len(cards))

        cost, tokens = column("cost"), column("tokens")
        if policy.prices is None:  # what calls usually cost is their price
            usual = _usual(cost)
            cards = [replace(card, call_price=float(price)) for card, price in zip(cards, usual, strict=True)]
        computed = _dollars(questions, cards, np.where(np.isnan(tokens), policy.tokens, tokens))
        replies = np.array([[cell[0].reply for cell in row] for row in cells], dtype=object)
        return RoutingTable(
            self.name,
            tuple(cards),
            tuple(questions),
            column("quality"),
            np.where(np.isnan(cost), computed, cost),
            tuple(self._families[question] for question in questions),
            completion=None if np.isnan(tokens).any() else tokens,
            replies=replies if any(map(any, replies)) else None,
        )

    def _wanted(self, models: list[str] | None) -> list[str]:
        for model in models or ():
            if model not in self._models:
                near = did_you_mean(model, self._models)
                raise UserError(f"{self.name} has no model {model!r}; it has {', '.join(self._models)}.{near}")
        return list(self._models if models is None else models)

    def _complete(
        self, there: np.typing.NDArray[np.bool_], missing: str, questions: list[str], models: list[str]
    ) -> tuple[list[int], list[int]]:
        """Return the rows and the columns that stay."""
        rows, columns = np.ones(len(there), dtype=bool), np.ones(len(models), dtype=bool)
        if missing == "error" and not there.all():
            row, column = map(int, np.argwhere(~there)[0])
            raise UserError(
                f"{self.name}: row {row} ({questions[row][:60]!r}), model {models[column]} has no value "
                f"({int((~there).sum())} such cells). Count them as wrong (missing: wrong), leave out their rows "
                "(drop), or their models (drop_models)."
            )
        if missing == "drop":
            rows = there.all(axis=1)
        elif missing == "drop_models":
            columns = there.all(axis=0)
        return np.flatnonzero(rows).tolist(), np.flatnonzero(columns).tolist()

    def _row(self, question: str, family: str) -> dict[str, list[_Cell]]:
        self._families.setdefault(question, family)
        return self._found.setdefault(question, {})

    def _number(self, key: str, value: Any, question: str, model: str) -> float:
        if value is None:
            return nan
        if isinstance(value, str):
            if value not in self.labels:
                raise UserError(
                    f"{self.name}: the {key} of {model} on {question[:60]!r} is the text {value!r}, not a number. Say "
                    f"what it means, as in labels: {{{value!r}: 1}}."
                )
            value = self.labels[value]
        return float(value)


def _dollars(questions: list[str], cards: list[ModelCard], tokens: Array) -> Array:
    """Compute what calls cost from prices, the questions' characters and the replies' tokens."""
    prompt = np.array([len(question) / CHARACTERS for question in questions])
    costs = [card.cost(prompt, tokens[:, j]) for j, card in enumerate(cards)]  # type: ignore[arg-type]
    return np.stack(costs, axis=1)


def _usual(cost: Array) -> Array:
    """Return what a call of each model costs on average; 0 where nothing was recorded."""
    known = ~np.isnan(cost)
    mean: Array = np.where(known, cost, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return mean
