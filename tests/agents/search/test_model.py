"""Does a model that proposes and judges get to read what it should, is it understood, and are its tokens counted?"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from syllogym.agents import get, search
from syllogym.agents.endpoint.ledger import Prices
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.player import PolicyPlayer, Request
from syllogym.agents.search.model import Model
from syllogym.agents.search.prompts import Prompts, chosen, graded
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.agents.search.whole import read_answer
from syllogym.agents.tokens import Tokens
from syllogym.envs import Reply
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.usage import Usage
from syllogym.errors import UnknownOption, UserError
from tests.agents.faulty_server import Fault as Wrong
from tests.agents.faulty_server import completion, serving
from tests.agents.models import tiny_policy
from tests.agents.search.numbers import Numbers

PUZZLE = Numbers("4 5 6 10")


class Scholar:
    """Knows the puzzle by heart."""

    context = "conversation"

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def act(self, request: Request) -> Reply:
        self.heard.append(str(request.prompt))
        return Reply(self._said(str(request.prompt)), tokens=Tokens(30, 5, 10))

    def most(self, request: Request) -> Tokens:
        return Tokens(30, 20)

    def _said(self, prompt: str) -> str:
        if "List up to" in prompt:
            return "1. 4 * 5 = 20 (left: 6 10 20)\n2) 10 - 6 = 5 (left: 4 5 5)\n- what now?\n\n"
        if "Can this still" in prompt:
            return "It is impossible to say ... no: sure." if "6 10 20" in prompt else "Impossible."
        if "Is it right?" in prompt:
            return "Score: 10" if "4 * 5" in prompt else "Score: 2"
        if "Which of them" in prompt:
            return "Best: 2"
        return "I think so: <answer>(4 * 5) + 10 - 6</answer>"


def searched(name: str, **options: Any) -> tuple[Search, Scholar]:
    scholar = Scholar()
    model = Model(of=scholar)
    one = Search(PUZZLE, search.make({"name": name, **options}), model, model, budget=Budget(calls=40))
    asyncio.run(run([one]))
    return one, scholar


def test_listed_thoughts_become_nodes_and_those_that_lead_nowhere_do_not() -> None:
    one, scholar = searched("tot_bfs", depth=1, n=4, opinions=3)
    assert one.tree.text[1:] == ["4 * 5 = 20 (left: 6 10 20)"]
    assert "List up to 4 different" in scholar.heard[0] and "4 5 6 10" in scholar.heard[0]
    assert one.strategy.illegal == 2


def test_labels_are_what_states_are_worth() -> None:
    one, scholar = searched("tot_bfs", depth=1, n=4, opinions=3)
    assert one.tree.value[1] == pytest.approx(1.0)
    assert sum("Can this still" in text for text in scholar.heard) == 3
    assert "end with one word: sure, likely, impossible." in scholar.heard[1]
    assert "So far:\n4 * 5 = 20 (left: 6 10 20)\n6 10 20" in scholar.heard[1]


def test_whole_answers_are_read_and_graded_from_0_to_10() -> None:
    one, _ = searched("best_of_n", n=2)
    assert one.answer == "(4 * 5) + 10 - 6" and one.tree.value[1] == 1.0


def test_votes_are_shares() -> None:
    one, scholar = searched("best_of_n", n=2, by="vote", opinions=4)
    assert one.tree.value[1:] == [0.0, 1.0] and one.strategy.best() == [2]
    assert "Answer 1:\nI think so" in scholar.heard[-1] and "Answer 2:\n" in scholar.heard[-1]


def test_those_who_debate_read_each_other() -> None:
    _, scholar = searched("debate", n=3, rounds=2)
    assert "Answer 2:" in scholar.heard[-1] and "Answer 3:" not in scholar.heard[-1]


def test_what_is_counted_is_what_was_used() -> None:
    one, scholar = searched("best_of_n", n=2)
    assert one.meter.spent == Usage(20 * 4, 10 * 4, 5 * 4, 4, 2)
    assert len(scholar.heard) == 4


def test_an_opinion_without_a_verdict_counts_nothing_and_is_counted() -> None:
    class Mute(Scholar):
        def _said(self, prompt: str) -> str:
            return "4 * 5 = 20" if "List" in prompt else "Hm."

    model = Model(of=Mute())
    one = Search(PUZZLE, search.make({"name": "tot_bfs", "depth": 1}), model, model)
    asyncio.run(run([one]))
    assert len(one.tree) == 1 or one.tree.value[1] == 0.0


def test_a_policy_behind_the_local_engine_searches_within_its_budget_of_exact_tokens() -> None:
    policy = tiny_policy(context=2048)
    player = PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=12))
    model = Model(of=player)
    one = Search(PUZZLE, search.make({"name": "cot", "n": 9}), model, model, budget=Budget(tokens=700))
    asyncio.run(run([one]))
    assert 0 < one.meter.spent.completion <= 12 * one.meter.spent.calls and one.refused
    assert one.meter.spent.tokens <= 700
    prompt = player.most(player_request(PUZZLE)).prompt
    assert one.meter.spent.prompt == prompt * one.meter.spent.calls


def player_request(task: Numbers) -> Request:
    from syllogym.agents.asking import question

    return question(Prompts().cot.format(problem=task.prompt), 0)


def test_an_endpoint_searches_and_its_own_count_is_booked_with_what_it_cost() -> None:
    with serving(Wrong(body=completion("<answer>7</answer>"))) as server:
        player = get("openai_compatible")(
            base_url=server.base_url, model="m", max_tokens=20, prices=Prices(prompt=2.0, cached=1.0, completion=10.0)
        )
        model = Model(of=player)
        one = Search(PUZZLE, search.make("cot"), model, model, budget=Budget(money=1.0))
        asyncio.run(run([one]))
    assert one.answer == "7"
    assert one.meter.spent == Usage(60, 40, 10, 1, 1, money=pytest.approx((60 * 2 + 40 * 1 + 10 * 10) / 1e6))


def test_a_fault_of_the_endpoint_ends_the_search_it_belongs_to() -> None:
    with serving(Wrong(status=400, body={"error": {"message": "no"}})) as server:
        model = Model(of=get("openai_compatible")(base_url=server.base_url, model="m", max_tokens=20))
        searches = [Search(PUZZLE, search.make("cot"), model, model, seed=seed) for seed in range(3)]
        asyncio.run(run(searches))
    assert [one.fault is None for one in searches].count(False) == 1
    assert [one.answer for one in searches].count("42") == 2


def test_an_endpoint_that_may_reply_without_end_is_not_asked() -> None:
    model = Model(of=get("openai_compatible")(base_url="http://127.0.0.1:1/v1", model="m", max_tokens=None))
    with pytest.raises(UserError, match="max_tokens"):
        asyncio.run(run([Search(PUZZLE, search.make("cot"), model, model)]))


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("<answer>1</answer> no: <answer>2\n3</answer>", "2\n3"),
        ("Answer: 4\nThe answer is: **5**", "5"),
        ("so\n6\n\n", "6"),
        ("", ""),
    ],
)
def test_the_last_answer_of_a_reply_counts(reply: str, answer: str) -> None:
    assert read_answer(reply) == answer


def test_verdicts_are_read_strictly() -> None:
    assert (graded("Score: 3\nScore: 7.5"), graded("Score: 11"), graded("7")) == (0.75, None, None)
    assert (chosen("Best: 2", 2), chosen("Best: 3", 2), chosen("2", 2)) == (1, None, None)
    assert Prompts().worth("surely not") is None


def test_a_template_with_an_unknown_field_says_what_there_is() -> None:
    with pytest.raises(UnknownOption, match=r"prompts\.value.*not stat.*Did you mean state"):
        Prompts(value="{stat}")
