"""Does a router that asks several models in turn get what Router-R1 pays?"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from syllogym.envs import make
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.table import RoutingTable
from syllogym.errors import UserError

ANSWER = "<think>I know.</think><answer>{}</answer>"


def begun(**options: Any) -> Any:
    env = make("routing/multi_round", **options)
    env.reset(seed=0)
    return env


def ask(env: Any, model: str, query: str = "") -> str:
    query = query or env.asked.question.text
    prompt, *_ = env.step(f"<think>I ask.</think><search>{model}: {query}</search>")
    return str(prompt)


def test_the_reply_of_a_model_comes_back_as_information() -> None:
    env = begun()
    assert ask(env, "large") == f"<information>{env.asked.question.answer}</information>"


@pytest.mark.parametrize(
    ("query", "told"),
    [("Tell me 3 * (4+1), please", "15"), ("2+2", "4"), ("What is it?", "(what large replied)"), ("3+*4", None)],
)
def test_experts_answer_what_they_are_asked(query: str, told: str | None) -> None:
    env = begun()
    heard = ask(env, "large", query).removeprefix("<information>").removesuffix("</information>")
    assert heard == (told or "(what large replied)")


def test_of_other_tasks_a_query_is_the_question_in_other_words() -> None:
    env = begun(task="math/arithmetic")
    assert ask(env, "large", "What is it?") == f"<information>{env.asked.question.answer}</information>"


def test_a_router_that_slips_asks_anybody_and_repeats_what_was_said() -> None:
    asked = set()
    for seed in range(20):
        env = begun(bare=True)
        call = env.slip(random.Random(seed), 1.0)
        env.step(call)
        asked.add(env.calls[0].model)
        assert env.slip(random.Random(seed), 1.0) == ANSWER.format(env.heard[0].text)
    assert asked == {"small", "medium", "large"}


def test_the_prompt_describes_every_model() -> None:
    env = make("routing/multi_round")
    prompt, _ = env.reset(seed=0)
    assert "small: cheap" in prompt and "large: dear" in prompt


def test_an_unknown_model_tells_none_is_counted_and_breaks_the_form() -> None:
    env = begun()
    assert ask(env, "giant") == "<information>None</information>"
    _, reward, terminated, _, info = env.step(ANSWER.format(env.asked.question.answer))
    assert (reward, terminated, env.counts["unknown"], info["form"]) == (-1.0, True, 1, "there is no model 'giant'")


def test_what_is_neither_a_call_nor_an_answer_is_told_so_and_costs_a_round() -> None:
    env = begun(rounds=1)
    prompt, *_ = env.step("hm")
    _, reward, terminated, _, _ = env.step("hm")
    assert "neither a call nor an answer" in prompt and terminated and reward == -1.0


def test_after_the_last_round_nobody_is_asked_and_the_episode_ends() -> None:
    env = begun(rounds=2)
    assert "Answer now" not in ask(env, "small")
    assert "Answer now" in ask(env, "small")
    _, reward, terminated, _, _ = env.step("<think>More.</think><search>large: What?</search>")
    assert (reward, terminated, env.counts["calls"]) == (-1.0, True, 2)


def test_a_wrong_answer_of_the_right_form_earns_nothing_however_cheap() -> None:
    env = begun(weight=0.5)
    _, reward, *_ = env.step(ANSWER.format("unknown"))
    assert reward == 0.0


def test_a_right_answer_is_paid_less_the_dearer_it_was() -> None:
    paid = []
    for model in ("medium", "large"):
        env = begun(weight=0.5, scale=(0.0, 0.02))
        ask(env, model)
        paid.append(env.step(ANSWER.format(env.asked.question.answer))[1])
    assert 0.5 < paid[1] < paid[0] < 1.0


def test_what_money_counts_follows_the_window_of_square_roots() -> None:
    env = begun(weight=0.2, scale=(0.0, 0.02))
    ask(env, "large")
    _, reward, _, _, _ = env.step(ANSWER.format(env.asked.question.answer))
    cheapness = 1 - env.counts["dollars"] ** 0.5 / 0.02
    assert reward == pytest.approx(0.8 + 0.2 * cheapness)


def test_a_call_that_might_exceed_the_budget_is_not_made() -> None:
    env = begun(budget=1e-5)
    assert ask(env, "large") == "<information>None</information>"
    assert (env.purse.refused, env.purse.spent.money) == (1, 0.0)


def test_replies_can_be_listed_and_lead_to_a_right_answer() -> None:
    env = begun(listed=True, bare=True)
    assert len(env.offered("agent")) == 3
    env.step(env.offered("agent")[2])
    answer = next(choice for choice in env.offered("agent") if "<answer>" in choice)
    assert env.step(answer)[1] == 1.0


TABLE = RoutingTable(
    "recorded",
    (ModelCard("a"), ModelCard("b")),
    ("Which?",),
    quality=np.array([[0.0, 1.0]]),
    cost=np.array([[0.01, 0.02]]),
    families=("one",),
)


@pytest.mark.parametrize(("model", "paid"), [("a", 0.0), ("b", 1.0)])
def test_on_a_table_an_answer_is_worth_what_the_reply_was_that_it_repeats(model: str, paid: float) -> None:
    env = begun(table=TABLE)
    told = ask(env, model, "Which is it?").removeprefix("<information>").removesuffix("</information>")
    assert (env.step(ANSWER.format(told))[1], env.counts["dollars"]) == (paid, TABLE.cost[0, TABLE.column(model)])


def test_a_task_that_does_not_ask_one_question_is_refused() -> None:
    with pytest.raises(UserError, match="does not ask one question"):
        begun(task="games/cliff_walk")
