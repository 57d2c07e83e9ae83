"""How does an agent call a method of its environment? By a tool call in its reply.

A method under `@tool` is offered to the agents; its JSON schema comes from its signature and docstring. Calls are read
from ``<tool_call>{"name": ..., "arguments": {...}}</tool_call>`` (the form of Qwen, Hermes and many others). Results
come back as ``tool`` messages. A wrong call is answered with a readable error: it is the agent's mistake, not a fault.
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

_CALL = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)
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


def parse_tool_calls(reply: Reply) -> tuple[list[ToolCall], list[str]]:
    """Return the calls a reply makes and the errors of those that cannot be read."""
    if reply.tool_calls:
        return list(reply.tool_calls), []
    calls, errors = [], []
    for body in _CALL.findall(reply):
        try:
            data = json.loads(body)
            calls.append(ToolCall(str(data["name"]), dict(data.get("arguments") or {})))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            errors.append('Error: a tool call is JSON like {"name": "...", "arguments": {...}}.')
    return calls, errors


def run_tools(owner: object, schemas: Mapping[str, Any], reply: Reply) -> Soon[list[Message]]:
    """Run every tool call of a reply on `owner`, one after the other; return the tool messages, none without a call."""
    calls, errors = parse_tool_calls(reply)
    unread: list[Message] = [{"role": "tool", "content": error} for error in errors]
    if not calls:
        return unread
    answers = in_turn(_run(owner, schemas, call) for call in calls)
    return then(answers, lambda texts: unread + [_message(call, text) for call, text in zip(calls, texts, strict=True)])


def _message(call: ToolCall, content: str) -> Message:
    return {"role": "tool", "name": call.name, "content": content}


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
