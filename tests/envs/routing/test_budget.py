"""Is no call made that an episode might not be able to pay?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from syllogym.envs.routing.budget import Purse, most_dollars
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pool import ExpertReply, Question
from syllogym.envs.routing.scripted import Script, ScriptedPool
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.routing.table_pool import TablePool
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UserError

POOL = ScriptedPool([Script(ModelCard("a", call_price=0.4))])
ASKED = Question("Which?", row=0)


class Unknown:
    """A pool of which nobody knows what replies will cost."""

    cards = (ModelCard("a", input_price=1.0, output_price=10.0),)

    def ask(self, model: str, question: Question, **how: Any) -> ExpertReply:
        return ExpertReply("")


def test_calls_under_way_together_never_exceed_the_budget() -> None:
    purse = Purse(1.0)
    assert [purse.affords(POOL, "a", ASKED) for _ in range(3)] == [True, True, False]
    assert purse.refused == 1


def test_what_a_call_did_not_use_can_be_spent_again() -> None:
    purse = Purse(0.5)
    purse.affords(POOL, "a", ASKED)
    purse.spend(Usage(money=0.1))
    assert purse.affords(POOL, "a", ASKED)


def test_without_a_budget_everything_can_be_paid() -> None:
    assert Purse().affords(Unknown(), "a", ASKED)


def test_of_a_table_it_is_known_what_a_call_costs() -> None:
    table = RoutingTable("t", (ModelCard("a"),), ("Which?",), np.ones((1, 1)), np.full((1, 1), 0.25), ("f",))
    assert most_dollars(TablePool(table), "a", ASKED, None) == 0.25


def test_of_others_the_longest_reply_is_counted() -> None:
    assert most_dollars(Unknown(), "a", ASKED, 100) > (len("Which?") + 1000) / 1e6


def test_a_budget_without_a_bound_on_replies_is_refused() -> None:
    with pytest.raises(UserError, match="max_tokens says how long"):
        most_dollars(Unknown(), "a", ASKED, None)
