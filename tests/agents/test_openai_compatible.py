"""Does a player behind an endpoint reply, and what becomes of everything that can go wrong on the way?"""

from __future__ import annotations

import json
import random
import socket
from pathlib import Path
from typing import Any

import pytest

from syllogym import envs
from syllogym.agents import get
from syllogym.agents.endpoint.cache import DamagedEntry
from syllogym.agents.endpoint.ledger import Budget, BudgetSpent, Prices
from syllogym.agents.episode import Episode
from syllogym.agents.rollout import Rollouts, Task, TooManyFaults
from syllogym.envs import Reply, TextEnv, Turn, tool
from syllogym.errors import UserError
from tests.agents.faulty_server import Fault, FaultyServer, completion, serving

KEY = "sk-very-secret-0123456789"
WRONG_CALL = "<tool_call>what?</tool_call>"
PRICES = Prices(prompt=2.0, cached=1.0, completion=10.0)


@envs.register("test-endpoint/shop")
class Shop(TextEnv):
    """What does it cost? A tool tells."""

    max_turns = 3

    def on_reset(self, rng: random.Random) -> str:
        return f"What do {rng.randrange(10**6)} apples cost?"

    def on_step(self, reply: Reply) -> Turn:
        return Turn(reward=1.0, over=True)

    @tool
    def price(self, item: str) -> int:
        """Return the price of an item."""
        return len(item)


def player(server: FaultyServer | str, **options: Any) -> Any:
    url = server if isinstance(server, str) else server.base_url
    return get("openai_compatible")(**{"base_url": url, "model": "m", "backoff": 0.001, "timeout": 5.0, **options})


def play(who: Any, episodes: int = 1, env: str = "math/arithmetic", max_faults: float = 0.0) -> list[Episode]:
    return Rollouts({"*": who}, max_faults=max_faults).run([Task(env, seed) for seed in range(episodes)])


def test_it_says_what_the_endpoint_replies() -> None:
    with serving(reply="Answer: 7") as server:
        (episode,) = play(player(server))
    assert (episode.steps[0].reply, episode.steps[0].finish) == ("Answer: 7", "stop")


def test_the_endpoint_is_told_the_prompt_and_the_settings() -> None:
    with serving() as server:
        (episode,) = play(player(server, temperature=0.5, max_tokens=8, body={"top_p": 0.9}))
    (body,) = server.bodies
    assert {"model": "m", "temperature": 0.5, "max_tokens": 8, "top_p": 0.9}.items() <= body.items()
    assert body["messages"] == episode.steps[0].prompt


def test_a_conversation_is_told_whole_and_a_markov_turn_alone() -> None:
    with serving(reply=WRONG_CALL) as server:
        for context in ("conversation", "markov"):
            play(player(server, context=context), env="test-endpoint/shop")
    assert [len(body["messages"]) for body in server.bodies] == [1, 3, 5, 1, 1, 1]


def test_a_reply_that_was_cut_off_says_so() -> None:
    with serving(Fault(body=completion("4", "length"))) as server:
        (episode,) = play(player(server))
    assert episode.steps[0].finish == "length"


def test_one_player_serves_rollout_after_rollout() -> None:
    with serving() as server:
        who = player(server)
        assert len(play(who, 5) + play(who, 5)) == 10


TEMPORARY = {
    "429": Fault(429, {"error": {"message": "slow down"}}),
    "500": Fault(500, {"error": {"message": "boom"}}),
    "503 without JSON": Fault(503, "<html>overloaded</html>"),
    "truncated body": Fault(body=completion("42"), cut=True),
    "wrong JSON": Fault(body="{not json"),
    "other JSON": Fault(body={"choices": []}),
}


@pytest.mark.parametrize("name", TEMPORARY)
def test_what_is_temporary_is_asked_again(name: str) -> None:
    with serving(TEMPORARY[name]) as server:
        who = player(server)
        (episode,) = play(who)
    assert episode.steps[0].reply == "42"
    assert who.ledger.usage.retries == 1


def test_a_hang_ends_at_the_timeout_and_is_asked_again() -> None:
    with serving(Fault(hang=60.0, body=completion("late"))) as server:
        (episode,) = play(player(server, timeout=0.3))
    assert episode.steps[0].reply == "42"


def test_retry_after_is_kept() -> None:
    with serving(Fault(429, {}, {"retry-after": "0.4"})) as server:
        play(player(server))
    assert server.arrivals[1] - server.arrivals[0] >= 0.4


def test_a_server_that_asks_for_an_hour_is_not_waited_for() -> None:
    with serving(Fault(429, {}, {"retry-after": "3600"})) as server, pytest.raises(TooManyFaults, match="3600 s"):
        play(player(server))
    assert len(server.bodies) == 1


def test_a_request_that_finally_fails_costs_its_episode_and_is_counted() -> None:
    with serving(*[Fault(500, {"error": {"message": "boom"}})] * 3) as server:
        who = player(server, retries=2, concurrency=1)
        rollouts = Rollouts({"*": who}, max_faults=0.5)
        assert len(rollouts.run([Task("math/arithmetic", seed) for seed in range(4)])) == 3
    assert list(rollouts.faults) == [f"{server.base_url} gave no reply in 3 attempts: it answers 500: boom."]
    assert who.ledger.usage.failures == 1


def test_an_endpoint_that_is_down_is_named() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/v1"
        with pytest.raises(TooManyFaults, match=f"{url} gave no reply in 2 attempts: the connection failed"):
            play(player(url, retries=1))


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_stops_the_run_at_once(status: int) -> None:
    with (
        serving(*[Fault(status, {"error": {"message": "bad key"}})] * 9) as server,
        pytest.raises(UserError, match=f"refuses the key \\({status}: bad key\\)"),
    ):
        play(player(server))
    assert len(server.bodies) == 1


def test_a_model_unknown_to_the_server_is_answered_with_those_it_has() -> None:
    with serving(Fault(404, {"message": "no"})) as server, pytest.raises(UserError, match="has no 'mm'; it has m, n"):
        play(player(server, model="mm"))


def test_a_context_overflow_tells_the_numbers_and_is_not_asked_again() -> None:
    message = "This model's maximum context length is 128 tokens. However, you requested 150 tokens."
    with (
        serving(Fault(400, {"error": {"message": message}})) as server,
        pytest.raises(TooManyFaults, match=r"longer than the endpoint's context .*128 tokens.*150 tokens"),
    ):
        play(player(server))
    assert len(server.bodies) == 1


def test_no_more_requests_than_allowed_are_under_way() -> None:
    with serving(seconds=0.03) as server:
        play(player(server, concurrency=3), 12)
    assert server.most_busy == 3


def test_requests_keep_their_rate() -> None:
    with serving() as server:
        play(player(server, requests_per_minute=600), 4)
    assert server.arrivals[-1] - server.arrivals[0] >= 0.25


def test_the_account_adds_up() -> None:
    with serving() as server:
        who = player(server, prices=PRICES)
        play(who, 3)
    used = who.ledger.usage
    assert (used.calls, used.prompt, used.cached, used.completion) == (3, 300, 120, 30)
    assert used.money == pytest.approx(3 * (60 * 2 + 40 * 1 + 10 * 10) / 1e6)
    assert used.seconds > 0


def test_the_run_stops_before_a_budget_is_exceeded() -> None:
    with serving() as server:
        who = player(server, budget=Budget(tokens=900), max_tokens=10, concurrency=1)
        with pytest.raises(BudgetSpent, match="of 900 tokens are spent"):
            play(who, 40)
    assert who.ledger.usage.calls == len(server.bodies) > 0
    assert who.ledger.usage.prompt + who.ledger.usage.completion <= 900


def test_a_reply_in_the_cache_costs_nothing(tmp_path: Path) -> None:
    with serving() as server:
        first = play(player(server, cache=str(tmp_path)), 3)
        again = player(server, cache=str(tmp_path))
        assert play(again, 3) == first
    assert len(server.bodies) == 3
    assert (again.ledger.usage.cache_hits, again.ledger.usage.calls, again.ledger.usage.prompt) == (3, 0, 0)


def test_other_settings_are_another_entry_of_the_cache(tmp_path: Path) -> None:
    with serving() as server:
        for temperature in (0.5, 0.7):
            play(player(server, cache=str(tmp_path), temperature=temperature))
    assert len(server.bodies) == 2


def test_a_damaged_entry_of_the_cache_is_told_and_asked_for_again(tmp_path: Path) -> None:
    with serving() as server:
        play(player(server, cache=str(tmp_path)))
        (file,) = tmp_path.rglob("*.json")
        file.write_text(file.read_text().replace("42", "43"))
        with pytest.warns(DamagedEntry, match="checksum differs"):
            (episode,) = play(player(server, cache=str(tmp_path)))
    assert episode.steps[0].reply == "42"


def test_the_key_is_sent_and_appears_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    monkeypatch.setenv("TEST_KEY", KEY)
    echo = {"error": {"message": f"bad request with {KEY}"}}
    with serving(Fault(body=completion(f"your key is {KEY}")), Fault(400, echo), Fault(401, echo)) as server:
        who = player(server, api_key_env="TEST_KEY", cache=str(tmp_path))
        (episode,) = play(who)
        with pytest.raises(TooManyFaults) as fault:
            play(who, 2)
        with pytest.raises(UserError) as refusal:
            play(player(server, api_key_env="TEST_KEY"))
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    files = "".join(path.read_text() for path in tmp_path.rglob("*.json"))
    assert files and caplog.text
    assert KEY not in f"{files}{caplog.text}{fault.value}{refusal.value}{who!r}{vars(who)}{episode.to_json()}"


def test_a_budget_needs_a_server_that_counts() -> None:
    silent = {key: value for key, value in completion("42").items() if key != "usage"}
    with serving(Fault(body=silent)) as server, pytest.raises(UserError, match="does not tell how many tokens"):
        play(player(server, budget=Budget(tokens=9000), max_tokens=10))


def test_a_key_that_is_not_set_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_KEY", raising=False)
    with serving() as server, pytest.raises(UserError, match="variable TEST_KEY is not set"):
        play(player(server, api_key_env="TEST_KEY"))
    assert not server.bodies


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"base_url": "localhost:8000"}, "http://localhost:8000/v1"),
        ({"base_url": f"http://user:{KEY}@host/v1"}, "api_key_env"),
        ({"concurrency": 0}, "concurrency is at least 1"),
        ({"timeout": 0}, "timeout is above 0"),
        ({"budget": Budget(money=1.0)}, "prices"),
        ({"budget": Budget(tokens=1), "max_tokens": None}, "max_tokens"),
        ({"body": {"temperature": 1}}, "body.temperature"),
    ],
)
def test_wrong_settings_are_named(options: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told) as error:
        player("http://localhost/v1", **options)
    assert KEY not in str(error.value)


def test_a_tool_call_is_written_out_and_its_result_is_tied_to_it() -> None:
    call = {"id": "x", "type": "function", "function": {"name": "price", "arguments": json.dumps({"item": "apple"})}}
    with serving(Fault(body=completion("", "tool_calls", tool_calls=[call]))) as server:
        play(player(server), env="test-endpoint/shop")
    first, second = server.bodies
    assert first["tools"] == second["tools"]
    _, said, told = second["messages"]
    assert said["tool_calls"][0]["function"] == call["function"]
    assert (told["role"], told["tool_call_id"]) == ("tool", said["tool_calls"][0]["id"])
