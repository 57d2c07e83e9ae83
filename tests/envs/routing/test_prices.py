"""Where do the prices of models come from?"""

import json
from pathlib import Path
from typing import Any

import pytest

from syllogym.envs.routing.prices import cards_of
from syllogym.envs.routing.source import load_table
from syllogym.errors import UserError


def file(tmp_path: Path, content: Any, name: str = "prices.json") -> str:
    path = tmp_path / name
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return str(path)


FORMS: dict[str, Any] = {
    "per million": {"lab/Big": {"input_price": 2.0, "output_price": 6.0}},
    "per token": {"lab/Big": {"input_cost_per_token": 2e-6, "output_cost_per_token": 6e-6}},
    "in full": {"lab/Big": {"input_token_price_per_million": 2, "output_token_price_per_million": 6}},
    "history": {"models": [{"id": "big", "price_history": [{"input": 9, "output": 9}, {"input": 2, "output": 6}]}]},
}


@pytest.mark.parametrize("form", FORMS)
def test_price_files_of_every_form_are_read(tmp_path: Path, form: str) -> None:
    [card] = cards_of(["big"], file(tmp_path, FORMS[form]))
    assert card is not None
    assert (card.name, card.input_price, card.output_price) == ("big", pytest.approx(2.0), pytest.approx(6.0))


def test_several_files_are_put_together(tmp_path: Path) -> None:
    paths = [file(tmp_path, {name: {"input_price": 1.0}}, f"{name}.json") for name in ("a", "b")]
    assert [card is not None and card.input_price for card in cards_of(["b", "a"], paths)] == [1.0, 1.0]


def test_a_model_without_a_price_is_an_error_that_names_it_and_the_ways_out(tmp_path: Path) -> None:
    prices = {"a": {"input_price": 1.0}}
    with pytest.raises(UserError, match=r"No price is known of b\. .*unpriced: drop"):
        cards_of(["a", "b"], prices)
    assert cards_of(["a", "b"], prices, "drop")[1] is None


def test_negative_prices_are_refused() -> None:
    with pytest.raises(UserError, match="a: output_price is 0 or more; it is -1"):
        cards_of(["a"], {"a": {"output_price": -1.0}})


def test_an_unknown_field_of_a_card_is_told() -> None:
    with pytest.raises(UserError, match="Did you mean input_price"):
        cards_of(["a"], {"a": {"inptu_price": 1.0}})


def test_a_file_without_prices_says_which_forms_there_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="tells no prices in a form that is known"):
        cards_of(["a"], file(tmp_path, {"a": {"cost": 1}}))


def test_costs_are_computed_from_characters_where_none_are_recorded(tmp_path: Path) -> None:
    # 8 characters are 2 tokens in; nothing is known of the reply, so it has the 100 tokens that are asked for.
    path = file(tmp_path, [{"question": "12345678", "scores": {"a": 1}}], "rows.json")
    prices = {"a": {"input_price": 1.0, "output_price": 2.0, "call_price": 0.5}}
    table = load_table({"name": "scores", "path": path, "prices": prices, "tokens": 100})
    assert table.cost.tolist() == [[pytest.approx(0.5 + (2 * 1 + 100 * 2) / 1e6)]]


def test_without_prices_nothing_costs_anything(tmp_path: Path) -> None:
    path = file(tmp_path, [{"question": "q", "scores": {"a": 1}}], "rows.json")
    assert load_table({"name": "scores", "path": path}).cost.tolist() == [[0.0]]
