"""Are recorded replies given back exactly, one by one and in batches?"""

import numpy as np
import pytest

from syllogym.envs.routing.bandit import TableBandit
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.pay import Pay
from syllogym.envs.routing.pool import Question
from syllogym.envs.routing.table import RoutingTable
from syllogym.envs.routing.table_pool import TablePool
from syllogym.errors import UserError

TABLE = RoutingTable(
    "hand",
    (ModelCard("small", pace=0.01), ModelCard("large", delay=1.0)),
    ("one?", "two?", "three?"),
    np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 0.5]]),
    np.array([[0.001, 0.01], [0.002, 0.02], [0.003, 0.03]]),
    ("a", "a", "b"),
    completion=np.array([[10.0, 20.0], [30.0, 40.0], [50.0, 60.0]]),
    replies=np.array([["1", "one"], ["0", "two"], ["?", "thr"]], dtype=object),
)


def test_a_reply_has_its_text_quality_cost_tokens_and_time() -> None:
    pool = TablePool(TABLE)
    reply = pool.ask("small", pool.question(1))
    assert (reply.text, reply.quality, reply.usage.money) == ("0", 0.0, 0.002)
    assert (reply.usage.completion, reply.usage.calls, reply.usage.seconds) == (30, 1, pytest.approx(0.3))


def test_a_question_is_found_by_its_text_too() -> None:
    assert TablePool(TABLE).ask("large", Question("three?")).quality == 0.5


def test_a_row_of_another_table_does_not_count() -> None:
    assert TablePool(TABLE).ask("large", Question("three?", row=0)).text == "thr"


def test_an_unknown_question_or_model_is_refused() -> None:
    pool = TablePool(TABLE)
    with pytest.raises(UserError, match="does not have the question 'four"):
        pool.ask("small", Question("four?"))
    with pytest.raises(UserError, match="Did you mean small"):
        pool.ask("smal", pool.question(0))


def test_batches_are_the_same_as_single_calls() -> None:
    pool = TablePool(TABLE)
    rows, columns = np.repeat(np.arange(3), 2), np.tile(np.arange(2), 3)
    quality, cost = pool.ask_all(rows, columns)
    single = [pool.ask(TABLE.models[j], pool.question(i)) for i, j in zip(rows, columns, strict=True)]
    assert quality.tolist() == [reply.quality for reply in single]
    assert cost.tolist() == [reply.usage.money for reply in single]


def test_a_bandit_pays_each_decision_and_passes_over_every_question() -> None:
    bandit = TableBandit(TABLE, Pay(weight=10.0), batch=3, seed=1)
    for _ in range(4):
        rows = bandit.rows
        assert sorted(rows.tolist()) == [0, 1, 2]
        outcome = bandit.step(np.array([1, 1, 1]))
        assert outcome.reward.tolist() == pytest.approx((TABLE.quality[rows, 1] - 10 * TABLE.cost[rows, 1]).tolist())


def test_a_bandit_of_the_same_seed_draws_the_same() -> None:
    one, two = (TableBandit(TABLE, batch=7, seed=5) for _ in range(2))
    assert one.rows.tolist() == two.rows.tolist()


def test_a_part_of_a_table_keeps_its_texts() -> None:
    part = TABLE.rows([2]).only(["large"])
    assert part.replies is not None
    assert part.replies.tolist() == [["thr"]]
