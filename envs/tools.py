"""How does an agent call a method of its environment? By a tool call in its reply.

A method under `@tool` is offered to the agents; its JSON schema comes from its signature and docstring. Calls are read
from ``<tool_call>{"name": ..., "arguments": {...}}</tool_call>`` (the form of Qwen, Hermes and many others); a policy
that was trained on another form has that read first (`syllogym.agents.tool_formats`). Results come back as ``tool``
messages. A wrong call is answered with a readable error: it is the agent's mistake, not a fault.
"""

from __future__ import annotations

import inspect
import json
import re
import typing
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from syllogym.envs.values import Message, Reply, ToolCall
from syllogym.envs.waiting import Soon, in_turn, then
from syllogym.errors import UserError, check_options

F = TypeVar("F", bound=Callable[..., Any])

_CALL = re.compile(r"<tool_call>(.*?)(?:</tool_call>|\Z)", re.DOTALL)
_JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object"}


def tool(method: F) -> F:
    """Offer a method to the agents as a tool. Its docstring is the description, its parameters need plain types.

    A `ValueError` raised inside is the agent's mistake and is told to it; any other exception is a `Fault`. A tool that
    has to wait may be ``async def``.
    """
    method.__tool__ = _schema(method)  # type: ignore[attr-defined]
    return method


def tool_schemas(cls: type) -> dict[str, dict[str, Any]]:
    """Return the JSON schema of every tool of a class, by name."""
    found = ((name, getattr(getattr(cls, name, None), "__tool__", None)) for name in dir(cls))
    return {name: schema for name, schema in found if schema}


def parse_tool_calls(reply: Reply) -> list[ToolCall]:
    """Return the calls a reply makes: those its engine found, else those in its text outside of thoughts."""
    return list(reply.tool_calls) or tagged_calls(spoken(reply))


def tagged_calls(text: str) -> list[ToolCall]:
    """Return the calls between ``<tool_call>`` and ``</tool_call>``, or the text's end, each an object in JSON."""
    return [json_call(body) for body in _CALL.findall(text)]


def spoken(text: str) -> str:
    """Return what a reply says after its thoughts, which end with ``</think>``."""
    return text.rpartition("</think>")[2]


def json_call(text: str) -> ToolCall:
    """Read a call from ``{"name": ..., "arguments": {...}}``; Llama writes ``parameters``."""
    try:
        return call_of(json.loads(text))
    except (ValueError, RecursionError):
        return unreadable()


def call_of(data: Any) -> ToolCall:
    """Take a call out of what JSON said."""
    if not isinstance(data, dict) or not isinstance(data.get("name"), str):
        return unreadable()
    given = data.get("arguments", data.get("parameters")) or {}
    return ToolCall(data["name"], given) if isinstance(given, dict) else unreadable()


def unreadable(form: str = 'JSON like {"name": "...", "arguments": {...}}') -> ToolCall:
    """Return a call that tells the agent in which form calls are read."""
    return ToolCall("", {}, f"Error: a tool call is {form}.")


def run_tools(owner: object, schemas: Mapping[str, Any], reply: Reply) -> Soon[list[Message]]:
    """Run every tool call of a reply on `owner`, one after the other; return the tool messages, none without a call."""
    return in_turn(_answer(owner, schemas, call) for call in parse_tool_calls(reply))


def _answer(owner: object, schemas: Mapping[str, Any], call: ToolCall) -> Soon[Message]:
    if call.error:
        return {"role": "tool", "content": call.error}
    return then(_run(owner, schemas, call), lambda text: {"role": "tool", "name": call.name, "content": text})


def _run(owner: object, schemas: Mapping[str, Any], call: ToolCall) -> Soon[str]:
    if call.name not in schemas:
        return f"Error: there is no tool {call.name!r}; there is {', '.join(schemas)}."
    wanted = schemas[call.name]["function"]["parameters"]
    try:
        check_options(call.name, wanted["properties"], call.arguments)
    except UserError as error:
        return f"Error: {error}"
    missing = [name for name in wanted["required"] if name not in call.arguments]
    if missing:
        return f"Error: {call.name} needs {', '.join(missing)}."
    for name, value in call.arguments.items():
        kind = wanted["properties"][name].get("type")
        if kind and not _fits(value, kind):
            return f"Error: {name} must be of type {kind}."
    try:
        answer = getattr(owner, call.name)(**call.arguments)
    except ValueError as error:
        return f"Error: {error}"
    return _late(answer) if hasattr(answer, "__await__") else str(answer)


async def _late(answer: Awaitable[Any]) -> str:
    try:
        return str(await answer)
    except ValueError as error:
        return f"Error: {error}"


def _fits(value: object, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {name: cls for cls, name in _JSON_TYPES.items()}[kind])


def _schema(method: Callable[..., Any]) -> dict[str, Any]:
    parameters = list(inspect.signature(method).parameters.values())[1:]
    hints = typing.get_type_hints(method)
    return {
        "type": "function",
        "function": {
            "name": method.__name__,
            "description": inspect.getdoc(method) or "",
            "parameters": {
                "type": "object",
                "properties": {p.name: _property(hints.get(p.name, Any)) for p in parameters},
                "required": [p.name for p in parameters if p.default is p.empty],
            },
        },
    }


def _property(hint: Any) -> dict[str, str]:
    kind = _JSON_TYPES.get(typing.get_origin(hint) or hint)
    return {"type": kind} if kind else {}
