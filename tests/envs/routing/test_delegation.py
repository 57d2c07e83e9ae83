"""Does a delegation pay for what came out of it, and tell everybody what went wrong?"""

from __future__ import annotations

from typing import Any

import pytest

from syllogym.envs import Reply, make
from syllogym.envs.routing.delegation import Delegation
from syllogym.errors import UserError

DAG = "step 1: {a}\nstep 2: {b}\nstep 3 (after 1, 2): [1]+[2]"


def begun(name: str = "routing/delegation", **options: Any) -> Delegation:
    env = make(name, **options)
    env.reset(seed=0)
    assert isinstance(env, Delegation)
    return env


def solved(env: Delegation) -> tuple[dict[str, float], dict[str, Any]]:
    """Let the reference solver finish an episode; return what was paid last, and its info."""
    while True:
        _, rewards, terminated, truncated, info = env.step({agent: env.solve(agent) for agent in env.waiting})
        if terminated or truncated:
            return rewards, info


def halves(env: Delegation) -> str:
    """Write a plan of the task: two halves, and a step that adds them up."""
    assert env.sums is not None
    terms = env.sums.text.split("+")
    return DAG.format(a="+".join(terms[:2]), b="+".join(terms[2:]))


def test_a_plan_with_edges_is_carried_out_to_the_right_answer() -> None:
    env = begun()
    env.step({"decomposer": halves(env)})
    env.step({"allocator": "1: large\n2: large\n3: large"})
    rewards, info = solved(env)
    assert rewards == {"decomposer": 1.0, "allocator": 1.0, "aggregator": 1.0}
    assert [call.step for call in info["calls"]] == [0, 1, 2]


def test_steps_side_by_side_take_as_long_as_the_longest_way() -> None:
    env = begun()
    env.step({"decomposer": halves(env)})
    env.step({"allocator": "1: large\n2: large\n3: large"})
    _, info = solved(env)
    first, second, third = (call.usage.seconds for call in info["calls"])
    assert env.counts["seconds"] == pytest.approx(max(first, second) + third)


def test_a_plan_that_is_refused_is_told_why_costs_and_may_be_tried_again() -> None:
    env = begun()
    prompts, rewards, over, *_ = env.step({"decomposer": "step 1 (after 2): a\nstep 2 (after 1): b"})
    assert "wait for one another" in prompts["decomposer"]
    assert (rewards["decomposer"], rewards["allocator"], over) == (-0.5, 0.0, False)


def test_the_last_try_that_is_refused_ends_the_episode() -> None:
    env = begun(tries=1)
    _, rewards, terminated, _, _ = env.step({"decomposer": "hm"})
    assert terminated and rewards["decomposer"] == -0.5


def test_an_unknown_model_is_counted_costs_the_allocator_and_crashes_nothing() -> None:
    env = begun()
    env.step({"decomposer": halves(env)})
    _, rewards, *_ = env.step({"allocator": "1: giant\n2: large\n3: large"})
    assert rewards["allocator"] == -0.5
    rewards, info = solved(env)
    assert (rewards["aggregator"], env.counts["unknown"], info["calls"][0].model) == (0.0, 1, None)


def test_nobody_allocates_where_an_executor_does_every_step() -> None:
    env = begun(executor="large")
    prompts, *_ = env.step({"decomposer": halves(env)})
    assert list(prompts) == ["aggregator"]
    assert solved(env)[0]["decomposer"] == 1.0


def test_the_solver_plans_for_what_the_executor_can_do() -> None:
    env = make("routing/delegation", executor="medium")
    for seed in range(5):  # of which seed 4 is too hard for it in one step
        env.reset(seed=seed)
        assert solved(env)[0]["aggregator"] == 1.0


def test_a_call_that_might_exceed_the_budget_is_not_made() -> None:
    env = begun(budget=1.5e-4)
    env.step({"decomposer": halves(env)})
    env.step({"allocator": "1: large\n2: large\n3: small"})
    solved(env)
    assert env.counts["refused"] == 1 and env.counts["dollars"] <= 1.5e-4


def test_money_counts_only_where_the_answer_is_right() -> None:
    pay: dict[str, Any] = {"pay": "budget", "budget": 1e-3, "weight": 0.5}
    paid = {}
    for model in ("small", "large"):
        env = begun(**pay)
        env.step({"decomposer": f"step 1: {env.sums.text}"})  # type: ignore[union-attr]
        env.step({"allocator": f"1: {model}"})
        paid[model] = solved(env)[0]["aggregator"]
    assert paid["small"] == 0.0 and 0.5 < paid["large"] < 1.0


def test_what_the_team_says_costs_too() -> None:
    env = begun(own_price=1e6, weight=0.01)
    assert env.step({"decomposer": Reply("step 1: 1+1", token_ids=[1] * 7)})
    env.step({"allocator": Reply("1: large", token_ids=[1] * 3)})
    env.step({"aggregator": Reply("2", token_ids=[1])})
    assert env.counts["dollars"] == pytest.approx(11 + env.purse.spent.money)


def test_the_decomposer_alone_is_paid_for_the_shape_of_its_plan() -> None:
    env = begun(shaping={"concise": 0.1})
    env.step({"decomposer": halves(env)})
    env.step({"allocator": "1: large\n2: large\n3: large"})
    rewards, _ = solved(env)
    assert rewards["decomposer"] == pytest.approx(0.7) and rewards["allocator"] == 1.0


def test_another_task_is_solved_by_experts_who_are_told_the_whole() -> None:
    env = begun(task="math/arithmetic")
    env.step({"decomposer": "step 1: Add up."})
    env.step({"allocator": "1: large"})
    assert "part of a larger task: What is" in env.execution.calls[0].asked  # type: ignore[union-attr]
    assert solved(env)[0]["aggregator"] == 1.0


def test_the_short_form_lists_every_plan_and_every_allocation() -> None:
    env = begun(form="short", task_options={"terms": 3})
    assert len(env.offered("decomposer") or ()) == 4
    env.step({"decomposer": env.offered("decomposer")[-1]})  # type: ignore[index]
    assert len(env.offered("allocator") or ()) == 27


@pytest.mark.parametrize("form", ["short", "text"])
def test_brackets_can_be_steps_of_their_own(form: str) -> None:
    env = begun(form=form, task_options={"nested": True})
    assert any(step.after for plan in env._plans() for step in plan.steps) == (form == "text")
    assert solved(env)[0]["aggregator"] == 1.0


def test_regret_is_nothing_for_the_best_and_all_it_could_earn_for_a_refused_plan() -> None:
    pay: dict[str, Any] = {"pay": "budget", "budget": 1e-3, "weight": 0.5}
    env = begun(**pay)
    assert solved(env) and env.counts["regret"] == pytest.approx(0.0)
    refused = begun(**pay, tries=1)
    refused.step({"decomposer": "hm"})
    assert refused.regret() == refused.best()


def test_experts_in_seats_act_side_by_side_and_are_paid_for_their_steps() -> None:
    env = begun("routing/delegation_team")
    env.step({"decomposer": halves(env)})
    prompts, *_ = env.step({"allocator": "1: small\n2: large\n3: large"})
    assert sorted(prompts) == ["large", "small"]
    prompts, rewards, *_ = env.step({"small": env.solve("small"), "large": "?"})
    assert (rewards["small"], rewards["large"], list(prompts)) == (1.0, 0.0, ["large"])


def test_an_expert_in_a_seat_solves_one_step_a_turn() -> None:
    env = begun("routing/delegation_team")
    env.step({"decomposer": halves(env)})
    prompts, *_ = env.step({"allocator": "1: large\n2: large\n3: large"})
    turns = 0
    while list(prompts) == ["large"]:
        prompts, *_ = env.step({"large": env.solve("large")})
        turns += 1
    assert turns == 3 and list(prompts) == ["aggregator"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"form": "long"}, "form is one of"),
        ({"executor": "giant"}, "executor is one of small"),
        ({"form": "short", "task": "math/arithmetic"}, "short is for routing/sums"),
        ({"experts": {"scripted": {"a": {"skil": 1}}}}, "skil"),
        ({"experts": {"crowd": {}}}, "kind of pool"),
        ({"experts": {"scripted": {"a": {"output_price": -1.0}}}}, "output_price is 0 or more"),
        ({"budget": -1.0}, "budget: dollars"),
        ({"shaping": {"concise": -1.0}}, "shaping.concise"),
    ],
    ids=["form", "executor", "short", "script", "kind", "price", "budget", "shaping"],
)
def test_a_wrong_option_is_refused_by_name(options: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        begun(**options)


def test_other_experts_than_the_seats_are_refused() -> None:
    with pytest.raises(UserError, match="small, medium and large; not a"):
        begun("routing/delegation_team", experts={"scripted": {"a": {}}})
