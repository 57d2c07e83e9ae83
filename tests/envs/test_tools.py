import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.envs import Fault, Reply, TeamEnv, TextEnv, ToolCall, Turn, tool
from syllogym.envs.tools import parse_tool_calls


class Shop(TextEnv):
    max_turns = 3

    def on_reset(self, rng: random.Random) -> str:
        return "What does it cost?"

    def on_step(self, reply: Reply) -> Turn:
        return Turn(reward=1.0, over=True)

    @tool
    def price(self, item: str, count: int = 1) -> int:
        """Return the price of so many items."""
        if item == "nothing":
            raise ValueError("we do not sell nothing")
        return {"apple": 2}[item] * count


def call(name: str = "price", **arguments: object) -> str:
    return f"<tool_call>{json.dumps({'name': name, 'arguments': arguments})}</tool_call>"


def answer(reply: str) -> str:
    env = Shop()
    env.reset(seed=0)
    return str(env.step(reply)[0])


def test_the_schema_comes_from_the_signature_and_the_docstring() -> None:
    function = Shop().reset(seed=0)[0].tools[0]["function"]
    assert function == {
        "name": "price",
        "description": "Return the price of so many items.",
        "parameters": {
            "type": "object",
            "properties": {"item": {"type": "string"}, "count": {"type": "integer"}},
            "required": ["item"],
        },
    }


def test_the_result_comes_back_as_a_tool_message() -> None:
    env = Shop()
    env.reset(seed=0)
    assert env.step(call(item="apple", count=3))[0].messages == ({"role": "tool", "name": "price", "content": "6"},)


def test_calls_that_the_engine_parsed_are_used() -> None:
    assert answer(Reply("", tool_calls=(ToolCall("price", {"item": "apple"}),))) == "2"


def test_a_reply_without_a_call_goes_to_the_environment() -> None:
    env = Shop()
    env.reset(seed=0)
    assert env.step("2")[1:3] == (1.0, True)


def test_a_call_costs_a_turn() -> None:
    env = Shop(max_turns=1)
    env.reset(seed=0)
    assert env.step(call(item="apple"))[3]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (call("prize", item="apple"), "there is no tool 'prize'"),
        (call(), "price needs item"),
        (call(item=3), "item must be of type string"),
        (call(item="apple", count=True), "count must be of type integer"),
        (call(thing="apple"), "not thing"),
        (call(item="nothing"), "we do not sell nothing"),
        ("<tool_call>price(apple)</tool_call>", "a tool call is JSON"),
        ("<tool_call>[1]</tool_call>", "a tool call is JSON"),
    ],
)
def test_a_wrong_call_is_answered_with_a_readable_error(reply: str, error: str) -> None:
    assert error in answer(reply)


def test_an_exception_in_a_tool_is_a_fault() -> None:
    with pytest.raises(Fault, match="KeyError: 'pear'"):
        answer(call(item="pear"))


def test_a_team_s_tool_answers_only_the_agent_that_called_it() -> None:
    class Pair(TeamEnv):
        agents = ("ann", "bob")

        def on_reset(self, rng: random.Random) -> str:
            return "Go."

        @tool
        def secret(self) -> str:
            """Tell the secret."""
            return "xyzzy"

    env = Pair()
    env.reset(seed=0)
    env.step({"ann": call("secret")})
    assert "xyzzy" in env.observe("ann") and "xyzzy" not in env.observe("bob")


def test_a_call_in_a_thought_is_not_made() -> None:
    env = Shop()
    env.reset(seed=0)
    assert env.step(f"<think>perhaps {call(item='apple')}</think>2")[1:3] == (1.0, True)


def test_a_wrong_call_among_others_is_told_at_its_place() -> None:
    env = Shop()
    env.reset(seed=0)
    told = env.step("<tool_call>oops</tool_call>" + call(item="apple"))[0].messages
    assert [message["content"][:5] for message in told] == ["Error", "2"]


@given(
    st.text()
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda part: (
            st.lists(part) | st.dictionaries(st.sampled_from(["name", "arguments", "parameters"]) | st.text(), part)
        ),
    ).map(json.dumps)
)
def test_no_text_breaks_the_parser(body: str) -> None:
    for found in parse_tool_calls(Reply(f"<tool_call>{body}</tool_call>")):
        assert isinstance(found, ToolCall) and (found.error.startswith("Error") or isinstance(found.arguments, dict))
