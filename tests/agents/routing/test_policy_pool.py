"""Can players of the house be asked as experts, in every environment that asks some?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from syllogym.agents.oracle import Oracle
from syllogym.agents.policy import Policy
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.routing.policy_pool import PolicyPool
from syllogym.agents.tiny import byte_tokenizer, tiny_model
from syllogym.envs import make
from syllogym.envs.routing.card import ModelCard
from syllogym.envs.routing.experts import open_pool
from syllogym.envs.routing.pool import Question
from syllogym.errors import UserError
from tests.agents.faulty_server import FaultyServer, serving


def behind(server: FaultyServer, **options: Any) -> dict[str, Any]:
    player = {"name": "openai_compatible", "base_url": server.base_url, "model": "m", "backoff": 0.001, **options}
    return {"players": {"server": {"player": player, "input_price": 1.0, "output_price": 10.0}}}


def test_an_endpoint_is_an_expert_that_is_paid_by_its_card() -> None:
    with serving(reply="42") as server:
        reply = asyncio.run(open_pool(behind(server)).ask("server", Question("6*7?")))  # type: ignore[arg-type]
    assert (reply.text, reply.quality) == ("42", None)
    assert (reply.usage.calls, reply.usage.completion, reply.usage.money) == (1, 10, pytest.approx(200e-6))


def test_a_bound_on_replies_reaches_the_endpoint_and_never_raises_its_own() -> None:
    with serving() as server:
        pool = open_pool(behind(server, max_tokens=50))
        for bound in (7, 70):
            asyncio.run(pool.ask("server", Question("?"), max_tokens=bound))  # type: ignore[arg-type]
    assert [body["max_tokens"] for body in server.bodies] == [7, 50]


def test_a_router_asks_an_endpoint_and_hears_what_it_says() -> None:
    with serving(reply="42") as server:
        env = make("routing/multi_round", experts=behind(server))
        env.reset(seed=0)
        prompt, *_ = env.step("<think>I ask.</think><search>server: What is 6*7?</search>")
    assert prompt == "<information>42</information>"


def test_steps_side_by_side_are_asked_at_the_same_time() -> None:
    with serving(reply="4", seconds=0.05) as server:
        env = make("routing/delegation", experts=behind(server))
        env.reset(seed=0)
        env.step({"decomposer": "step 1: 1+3\nstep 2: 2+2\nstep 3: 3+1"})
        env.step({"allocator": "1: server\n2: server\n3: server"})
    assert server.most_busy == 3 and env.execution.results == {0: "4", 1: "4", 2: "4"}


def test_episodes_of_rollouts_ask_endpoints_side_by_side() -> None:
    with serving(reply="4", seconds=0.02) as server:
        options = {"experts": behind(server), "executor": "server"}
        tasks = [Task("routing/delegation", seed, options) for seed in range(6)]
        episodes = Rollouts({"*": Oracle()}).run(tasks)
    assert len(episodes) == 6 and server.most_busy > 1 and all(one.counts["calls"] for one in episodes)


def test_a_saved_model_is_an_expert(tmp_path: Path) -> None:
    tokenizer = byte_tokenizer()
    Policy(tiny_model(tokenizer, seed=0, width=32), tokenizer).save(tmp_path / "model")
    player = {"name": "local_model", "model": str(tmp_path / "model")}
    env = make("routing/multi_round", experts={"players": {"tiny": {"player": player}}}, max_tokens=4)
    env.reset(seed=0)
    env.step("<think>I ask.</think><search>tiny: 3+4</search>")
    assert 1 <= env.heard[0].usage.completion <= 4


class Echo:
    """Says what it hears."""

    context = "conversation"

    async def act(self, request: Any) -> Any:
        from syllogym.envs import Reply

        return Reply(str(request.prompt))


def test_a_player_that_is_made_already_is_an_expert_whose_words_are_counted() -> None:
    pool = PolicyPool({"echo": Echo()}, {"echo": ModelCard("echo", output_price=1e6)})
    reply = asyncio.run(pool.ask("echo", Question("one two")))
    assert (reply.text, reply.usage.money) == ("one two", pytest.approx(2.0))


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({"a": {}}, "who plays it"),
        ({"a": {"player": "oracl"}}, "oracle"),
        ({"a": {"player": {"name": "openai_compatible", "model": "m"}}}, "base_url"),
        ({"a": {"player": "silent", "skill": 1.0}}, "skill"),
    ],
    ids=["no player", "unknown player", "missing option", "unknown key"],
)
def test_a_wrong_description_is_refused_before_anybody_is_asked(described: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        open_pool({"players": described})


def test_an_expert_that_is_not_in_the_pool_is_refused() -> None:
    pool = PolicyPool({"echo": Echo()}, {"echo": ModelCard("echo")})
    with pytest.raises(UserError, match="echo"):
        asyncio.run(pool.ask("eco", Question("?")))
