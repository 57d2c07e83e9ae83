"""What do models cost per token? Model cards from price files, or written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from syllogym.envs import tables
from syllogym.envs.routing.card import ModelCard
from syllogym.errors import UserError, check_options, did_you_mean

_MILLION = 1_000_000
_FORMS = (
    ("input_price", "output_price", 1),
    ("input_cost_per_token", "output_cost_per_token", _MILLION),
    ("input_token_price_per_million", "output_token_price_per_million", 1),
)
"""Where price files keep dollars in and out, and how many of them make a million tokens' price."""

Given = str | Sequence[str] | Mapping[str, Mapping[str, Any]]
"""A price file, several, or the fields of a `ModelCard` by the model's name."""


def cards_of(models: Sequence[str], prices: Given | None, unpriced: str = "error") -> list[ModelCard | None]:
    """Return a card for each model; without prices they cost nothing.

    Names are the same whatever is before a slash in them, and in capitals or not. A model that no price is known of is
    an error, or None where `unpriced` is "drop".
    """
    if prices is None:
        return [ModelCard(model) for model in models]
    known = _given(prices) if isinstance(prices, Mapping) else _read([prices] if isinstance(prices, str) else prices)
    found = {_plain(name): card for name, card in known.items()} | known
    cards = [found.get(model, found.get(_plain(model))) for model in models]
    lacking = [model for model, card in zip(models, cards, strict=True) if card is None]
    if lacking and unpriced != "drop":
        near = did_you_mean(lacking[0], known)
        raise UserError(
            f"No price is known of {', '.join(lacking)}.{near} Write theirs under prices, as in {{{lacking[0]}: "
            "{input_price: 0.5, output_price: 1.5}} (dollars per million tokens), or leave them out: unpriced: drop."
        )
    return [card and replace(card, name=model) for model, card in zip(models, cards, strict=True)]


def _given(prices: Mapping[str, Mapping[str, Any]]) -> dict[str, ModelCard]:
    names = [field.name for field in fields(ModelCard) if field.name != "name"]
    cards = {}
    for model, card in prices.items():
        if not isinstance(card, Mapping):
            raise UserError(f"prices.{model} is the fields of a model card ({', '.join(names)}); it is {card!r}.")
        check_options(f"prices.{model}", names, card)
        cards[model] = ModelCard(model, **card)
    return cards


def _read(paths: Iterable[str]) -> dict[str, ModelCard]:
    """Read price files: JSON mappings of models, or lists of them with price histories."""
    cards: dict[str, ModelCard] = {}
    for path in paths:
        before = len(cards)
        for row in tables.load(path):
            cards |= {name: card for name, entry in _entries(row) for card in _card(name, entry)}
        if len(cards) == before:
            raise UserError(f"{path} tells no prices in a form that is known: {', '.join(form[0] for form in _FORMS)}.")
    return cards


def _entries(row: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(row.get("models"), list):  # with a history of prices, of which the last one holds
        for model in row["models"]:
            last = model["price_history"][-1]
            yield str(model["id"]), {"input_price": last["input"], "output_price": last["output"]}
    else:
        yield from ((name, entry) for name, entry in row.items() if isinstance(entry, Mapping))


def _card(name: str, entry: Mapping[str, Any]) -> Iterator[ModelCard]:
    for price_in, price_out, tokens in _FORMS:
        if isinstance(entry.get(price_in), int | float):
            out = entry.get(price_out) or 0.0
            yield ModelCard(name, entry[price_in] * tokens, out * tokens, description=str(entry.get("feature") or ""))
            return


def _plain(name: str) -> str:
    return name.lower().rsplit("/", 1)[-1]
