"""Do cascades ask, stop and pay as they say, and is the best one found?"""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from syllogym.agents.routing import cascade_search, scorers
from syllogym.agents.routing.automix import AutoMix
from syllogym.agents.routing.cascade import Cascade
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError
from tests.agents.routing.made_up import sums_and_poems

TABLE = sums_and_poems(200)


def test_a_reply_that_looks_right_is_taken_and_another_model_is_asked_otherwise() -> None:
    table = TABLE.rows([0, 1, 2])
    scores = np.array([[0.9, 0.0, 0.0], [0.4, 0.6, 0.0], [0.1, 0.2, 0.0]])
    done = Cascade(("counter", "poet", "both"), (0.5, 0.5)).run(table, scores, checking=0.25)
    assert done.answered.tolist() == [0, 1, 2]
    assert done.asked.tolist() == [[True, False, False], [True, True, False], [True, True, True]]
    assert done.cost.tolist() == [1.25, 3.5, 13.5]


def test_a_cascade_needs_a_threshold_for_each_model_but_the_last() -> None:
    with pytest.raises(UserError, match="A cascade of 2 models has one threshold fewer; it has 2"):
        Cascade(("counter", "both"), (0.5, 0.5))


def test_scores_of_another_table_are_refused() -> None:
    with pytest.raises(UserError, match="and there are"):
        Cascade(("counter", "both"), (0.5,)).run(TABLE, np.zeros((3, 3)))


@pytest.mark.parametrize("checking", [0.0, 0.5])
def test_what_was_planned_is_what_running_it_brings(checking: float) -> None:
    scores = scorers.simulated(TABLE, samples=5)
    for planned in cascade_search.frontier(TABLE, scores, checking=checking):
        done = planned.cascade.run(TABLE, scores, checking)
        assert np.isclose(done.quality.mean(), planned.quality) and np.isclose(done.cost.mean(), planned.cost)


def test_no_cascade_within_the_budget_is_better_than_the_one_found() -> None:
    scores = scorers.simulated(TABLE, samples=3)
    found = cascade_search.within(cascade_search.frontier(TABLE, scores, longest=2), 5.0)
    levels = np.unique(scores).tolist()
    tried = [
        Cascade(pair, (level,)) for pair in product(TABLE.models, repeat=2) if len(set(pair)) == 2 for level in levels
    ]
    runs = [one.run(TABLE, scores) for one in tried]
    assert found.quality >= max(run.quality.mean() for run in runs if run.cost.mean() <= 5.0) - 1e-12


def test_the_frontier_rises_in_cost_and_quality_and_begins_with_the_cheapest_model() -> None:
    found = cascade_search.frontier(TABLE, scorers.simulated(TABLE, samples=5))
    assert found[0].cascade == Cascade(("counter",))
    assert all(a.cost < b.cost and a.quality < b.quality for a, b in pairwise(found))


def test_a_judge_that_is_never_wrong_makes_a_cascade_as_good_as_asking_everybody() -> None:
    found = cascade_search.frontier(TABLE, scorers.simulated(TABLE, right=1.0, wrong=0.0))
    assert found[-1].quality == TABLE.quality.max(axis=1).mean()


def test_a_budget_below_the_cheapest_cascade_is_refused() -> None:
    with pytest.raises(UserError, match="below the cheapest cascade, 1"):
        cascade_search.within(cascade_search.frontier(TABLE, TABLE.quality), 0.5)


def test_of_many_models_chains_are_made_of_those_nearest_to_the_best_for_their_price() -> None:
    found = cascade_search.frontier(TABLE, TABLE.quality, among=1)
    assert {one.cascade.models for one in found} == {("counter",)}


def test_a_simulated_judge_errs_as_often_as_is_said() -> None:
    said = scorers.simulated(sums_and_poems(4000), right=0.8, wrong=0.3)
    right = sums_and_poems(4000).quality == 1
    assert abs(said[right].mean() - 0.8) < 0.02 and abs(said[~right].mean() - 0.3) < 0.02


def test_a_scorer_learns_from_replies_which_are_right() -> None:
    train, test = (with_replies(part) for part in sums_and_poems(300).split())
    scores = scorers.ReplyScorer(train)(test)
    assert scores[test.quality == 1].mean() > scores[test.quality == 0].mean() + 0.5


def test_a_scorer_of_replies_needs_replies() -> None:
    with pytest.raises(UserError, match="keeps no replies"):
        scorers.ReplyScorer(TABLE)


def with_replies(table: RoutingTable) -> RoutingTable:
    replies = np.where(table.quality == 1, "So the answer is this.", "I do not know, sorry.").astype(object)
    return RoutingTable(
        table.name, table.cards, table.questions, table.quality, table.cost, table.families, replies=replies
    )


def test_automix_asks_the_strong_model_where_the_verifier_doubts_and_pays_for_both() -> None:
    verified = scorers.simulated(TABLE, right=1.0, wrong=0.0)[:, 0]
    mixed = AutoMix("counter", "both")
    mixed.fit(TABLE, verified)
    done = mixed.run(TABLE, verified, price=0.01, checking=0.5)
    doubted = verified < 0.5
    assert (done.answered == np.where(doubted, 2, 0)).all()
    assert np.isclose(done.cost.mean(), 1.5 + 10 * doubted.mean())


def test_automix_does_not_ask_a_strong_model_that_would_be_wrong_too() -> None:
    hopeless = TABLE.quality.copy()
    hopeless[:, 2] = hopeless[:, 0]  # the strong model is right where the weak one is
    table = RoutingTable("hopeless", TABLE.cards, TABLE.questions, hopeless, TABLE.cost, TABLE.families)
    mixed = AutoMix("counter", "both")
    verified = scorers.simulated(table, right=1.0, wrong=0.0)[:, 0]
    mixed.fit(table, verified)
    assert not mixed.run(table, verified, price=0.01).asked[:, 2].any()


def test_automix_beats_mixing_the_two_models_by_chance() -> None:
    verified = scorers.simulated(TABLE, right=0.9, wrong=0.2, samples=8)[:, 0]
    mixed = AutoMix("counter", "both")
    mixed.fit(TABLE, verified)
    weak, strong = TABLE.quality[:, 0].mean(), TABLE.quality[:, 2].mean()
    for done in mixed.curve(TABLE, verified)[1:-1]:
        assert done.quality.mean() > weak + (strong - weak) * (done.cost.mean() - 1) / 9


def test_a_verifiers_scores_are_shares() -> None:
    with pytest.raises(UserError, match=r"scores are in \[0, 1\]"):
        AutoMix("counter", "both").fit(TABLE, np.full(200, 8.0))
