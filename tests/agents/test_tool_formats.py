# ruff: noqa: RUF001 - the tokens of DeepSeek
"""Are the tool calls of every family read as their authors document them, and does no text break a reader?"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syllogym.agents.tool_formats import FORMATS, LONGEST, format_of, parameters_of, read_calls
from syllogym.envs import ToolCall
from tests.agents.templates import LLAMA3, QWEN3

TOOLS = {
    "price": {"item": {"type": "string"}, "count": {"type": "integer"}, "sale": {"type": "boolean"}},
    "stop": {},
}
TEA = ToolCall("price", {"item": "tea", "count": 2})
STOP = ToolCall("stop", {})
JSON = '{"name": "price", "arguments": {"item": "tea", "count": 2}}'
LLAMA = '{"name": "price", "parameters": {"item": "tea", "count": 2}}'
WRITTEN = {
    "hermes": f"I look.\n<tool_call>\n{JSON}\n</tool_call>",
    "hermes, unclosed": f"<tool_call>\n{JSON}",
    "llama": LLAMA,
    "llama, marked": f"<|python_tag|>{LLAMA}",
    "llama, named otherwise": LLAMA.replace("name", "function"),
    "llama, built in": '<|python_tag|>price.call(item="tea", count=2)',
    "mistral, list": f"[TOOL_CALLS][{JSON}]",
    "mistral, named": '[TOOL_CALLS]price[ARGS]{"item": "tea", "count": 2}',
    "mistral, numbered": '[TOOL_CALLS]price[CALL_ID]a1[ARGS]{"item": "tea", "count": 2}',
    "mistral, bare": '[TOOL_CALLS]price{"item": "tea", "count": 2}',
    "functools": f"functools[{JSON}]",
    "deepseek": (
        '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>price<｜tool▁sep｜>{"item": "tea", "count": 2}'
        "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
    ),
    "deepseek, fenced": (
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>price\n```json\n"
        '{"item": "tea", "count": 2}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>'
    ),
    "pythonic": '[price(item="tea", count=2)]',
    "pythonic, marked": '<|python_start|>[price(item="tea", count=2)]<|python_end|>',
    "tool_code": 'So:\n```tool_code\nprice(item="tea", count=2)\n```',
    "tool_code, by place": '```tool_code\nprice("tea", 2)\n```',
    "xml": (
        "<tool_call>\n<function=price>\n<parameter=item>\ntea\n</parameter>\n<parameter=count>\n2\n</parameter>\n"
        "</function>\n</tool_call>"
    ),
}
TWO = {
    "hermes": f'<tool_call>{JSON}</tool_call>\n<tool_call>{{"name": "stop"}}</tool_call>',
    "llama": f'{LLAMA}; {{"name": "stop", "parameters": {{}}}}',
    "mistral": f'[TOOL_CALLS][{JSON}, {{"name": "stop", "arguments": {{}}}}]',
    "mistral, named": '[TOOL_CALLS]price[ARGS]{"item": "tea", "count": 2}[TOOL_CALLS]stop[ARGS]{}',
    "functools": f'functools[{JSON}, {{"name": "stop"}}]',
    "deepseek": (
        '<｜tool▁call▁begin｜>price<｜tool▁sep｜>{"item": "tea", "count": 2}<｜tool▁call▁end｜>\n'
        "<｜tool▁call▁begin｜>stop<｜tool▁sep｜>{}<｜tool▁call▁end｜>"
    ),
    "pythonic": '[price(item="tea", count=2), stop()]',
    "tool_code": '```tool_code\nprice(item="tea", count=2)\nstop()\n```',
    "xml": "<function=price><parameter=item>tea</parameter><parameter=count>2</parameter></function><function=stop>",
}
WRONG = {
    "hermes": "<tool_call>price(tea)</tool_call>",
    "llama": '{"name": "price", "parameters": {"item": ',
    "llama, marked": "<|python_tag|>import os",
    "llama, second": f'{LLAMA}; {{"name"',
    "mistral": "[TOOL_CALLS]tea please",
    "mistral, named": "[TOOL_CALLS]price[ARGS]{item",
    "functools": "functools[tea]",
    "deepseek": "<｜tool▁call▁begin｜>price<｜tool▁sep｜>{tea<｜tool▁call▁end｜>",
    "pythonic": "[price(item=tea)]",
    "pythonic, computed": '[price(item="te" + "a")]',
    "pythonic, spread": "[price(**{})]",
    "pythonic, cut off": '[price(item="tea"',
    "tool_code": "```tool_code\nimport os\n```",
    "tool_code, too many": '```tool_code\nstop("now")\n```',
}


def form_of(case: str) -> str:
    return case.partition(",")[0]


@pytest.mark.parametrize("case", WRITTEN)
def test_a_call_is_read(case: str) -> None:
    assert read_calls(WRITTEN[case], form_of(case), TOOLS) == [TEA]


@pytest.mark.parametrize("case", TWO)
def test_several_calls_are_read_in_order(case: str) -> None:
    assert read_calls(TWO[case], form_of(case), TOOLS) == [TEA, STOP]


@pytest.mark.parametrize("case", WRONG)
def test_a_call_that_cannot_be_read_says_in_which_form_calls_are(case: str) -> None:
    assert read_calls(WRONG[case], form_of(case), TOOLS)[-1].error.startswith("Error: a tool call is ")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("reply", ["", "It costs 3.", '{"cost": 3}', "[1, 2]", r"\boxed{3}", "I thought of price."])
def test_a_reply_without_a_call_makes_none(form: str, reply: str) -> None:
    assert read_calls(reply, form, TOOLS) == []


@pytest.mark.parametrize("case", WRITTEN)
def test_what_is_only_thought_is_not_called(case: str) -> None:
    assert read_calls(f"<think>{WRITTEN[case]}</think>No.", form_of(case), TOOLS) == []


@pytest.mark.parametrize(
    ("given", "wanted"), [("TRUE", True), ("false", False), ("perhaps", "perhaps"), ("1", 1)]
)  # fmt: skip
def test_text_becomes_what_the_schema_says_or_stays_text(given: str, wanted: object) -> None:
    (call,) = read_calls(f"<function=price><parameter=sale>{given}</parameter></function>", "xml", TOOLS)
    assert call.arguments == {"sale": wanted}


def test_plain_values_of_python_and_json_are_read() -> None:
    (call,) = read_calls('[f(a=-1, b=[1.5, None, true], c={"d": (False, null)})]', "pythonic", {})
    assert call.arguments == {"a": -1, "b": [1.5, None, True], "c": {"d": [False, None]}}


@pytest.mark.parametrize(
    "reply",
    ["[f(a=__import__('os').system('touch {}'))]", "[f(a=open('{}', 'w'))]", "[(open('{}', 'w'))(a=1)]"],
)
def test_nothing_is_executed(tmp_path: Path, reply: str) -> None:
    canary = tmp_path / "canary"
    for form in FORMATS:
        for text in (reply.format(canary), f"```tool_code\n{reply.format(canary)}\n```"):
            assert not [call for call in read_calls(text, form, {}) if not call.error]
    assert not canary.exists()


REPEATED: dict[str, Callable[[int], str]] = {
    "minus": lambda size: f"[f(a={'-' * size}1)]",
    "brackets": lambda size: f"[f(a={'[' * size})]",
    "sums": lambda size: f"[f(a={'1+' * (size // 2)}1)]",
    "dots": lambda size: f"[f{'.f' * (size // 2)}(a=1)]",
    "digits": lambda size: f"[f(a={'9' * size})]",
    "json": lambda size: f"[TOOL_CALLS]{'[' * size}",
    "tags": lambda size: "<tool_call>" * (size // 11),
    "functions": lambda size: "<function=" * (size // 10),
    "parameters": lambda size: f"<function=f>{'<parameter=a>' * (size // 13)}",
    "deepseek": lambda size: "<｜tool▁call▁begin｜>" * (size // 19),
    "blocks": lambda size: "```tool_code\n" * (size // 13),
    "spaces": lambda size: f"[TOOL_CALLS]f[CALL_ID]{' ' * size}",
    "objects": lambda size: "{}" * (size // 2),
}


@pytest.mark.parametrize("kind", REPEATED)
def test_hostile_replies_are_read_in_time(kind: str) -> None:
    for text in (REPEATED[kind](LONGEST - 100), REPEATED[kind](60_000)):
        began = time.process_time()
        for form in FORMATS:
            read_calls(text, form, TOOLS)
        assert time.process_time() - began < 2.0


MARKS = sorted({*WRITTEN.values(), *WRONG.values()})


@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=20) | st.sampled_from(MARKS).map(lambda text: text[3:-3])))
def test_no_text_breaks_a_reader(parts: list[str]) -> None:
    for form in FORMATS:
        for call in read_calls("".join(parts), form, TOOLS):
            assert call.error or (isinstance(call.name, str) and isinstance(call.arguments, dict))


_TEXT = st.text(st.characters(exclude_characters="<>[]｜|"))  # those of the marks
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(_TEXT, part, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex("[a-z]{1,8}_", fullmatch=True), VALUES, max_size=4))
def test_arguments_come_through_json_and_python_as_they_are(arguments: dict[str, object]) -> None:
    data = json.dumps(arguments)
    spelled = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    for form, text in {
        "hermes": f'<tool_call>{{"name": "f", "arguments": {data}}}</tool_call>',
        "llama": f'{{"name": "f", "parameters": {data}}}',
        "mistral": f"[TOOL_CALLS]f[ARGS]{data}",
        "deepseek": f"<｜tool▁call▁begin｜>f<｜tool▁sep｜>{data}<｜tool▁call▁end｜>",
        "pythonic": f"[f({spelled})]",
    }.items():
        assert read_calls(text, form, {}) == [ToolCall("f", arguments)], form


@pytest.mark.parametrize(
    ("template", "form"),
    [
        (None, "hermes"),
        ("{{ messages }}", "hermes"),
        (QWEN3 + "<tool_call>", "hermes"),
        (QWEN3 + "<tool_call>\n<function=example>", "xml"),
        (LLAMA3 + "{{ '<|python_tag|>' }}", "llama"),
        (LLAMA3 + '{"name": function name, "parameters": dictionary of argument name and its value}', "llama"),
        (LLAMA3 + "[func_name1(params_name1=params_value1)]", "pythonic"),
        ("{{ '<|python_start|>' }}", "pythonic"),
        ("[TOOL_CALLS][", "mistral"),
        ("<｜tool▁call▁begin｜>", "deepseek"),
        ("```tool_code", "tool_code"),
    ],
    ids=str,
)
def test_the_form_is_told_by_the_chat_template(template: str | None, form: str) -> None:
    assert format_of(template) == form


def test_parameters_are_taken_from_schemas() -> None:
    schema = {"type": "function", "function": {"name": "f", "parameters": {"properties": {"a": {"type": "string"}}}}}
    assert parameters_of([schema]) == {"f": {"a": {"type": "string"}}}
