import pytest

from syllogym.agents.endpoint.ledger import Budget, BudgetSpent, Ledger, Prices, Tokens

MOST = Tokens(50, 10)


def test_requests_under_way_hold_the_most_they_can_cost() -> None:
    ledger = Ledger(budget=Budget(tokens=100))
    ledger.hold(MOST)
    assert not ledger.admits(MOST)
    ledger.release(MOST)
    assert ledger.admits(MOST)


def test_a_request_that_can_never_fit_is_told_at_once() -> None:
    ledger = Ledger(Prices(prompt=1e6, completion=1e6), Budget(money=100.0))
    ledger.charge(Tokens(40, 1))
    with pytest.raises(BudgetSpent, match="41 of 100 money are spent and the next request can take up to 60"):
        ledger.admits(MOST)


def test_cached_tokens_have_a_price_of_their_own() -> None:
    assert Prices(prompt=4.0, cached=1.0, completion=10.0).of(Tokens(3_000_000, 1_000_000, 2_000_000)) == 16.0
