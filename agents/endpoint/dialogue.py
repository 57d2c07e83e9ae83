"""Which chat messages does an endpoint read for a move? What the agent was told and said, in the order it happened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from syllogym.agents.player import Request
from syllogym.envs import Message, Reply
from syllogym.envs.tools import parse_tool_calls


def messages(request: Request) -> list[Message]:
    """Return the context the move continues, none of it where each turn is a prompt of its own, and that prompt."""
    told: list[Message] = []
    awaited: list[str] = []
    for at in request.episode.chain(request.parent):
        step = request.episode.steps[at]
        told += _answered(step.prompt, awaited)
        calls = parse_tool_calls(Reply(step.reply))
        readable = not any(call.error for call in calls)
        awaited = [f"call_{at}_{number}" for number in range(len(calls))] if readable else []
        said: Message = {"role": "assistant", "content": step.reply}
        if awaited:
            pairs = zip(awaited, calls, strict=True)
            said["content"] = step.reply.partition("<tool_call>")[0]
            said["tool_calls"] = [_call(mark, call.name, call.arguments) for mark, call in pairs]
        told.append(said)
    return [*told, *_answered(request.prompt.messages, awaited)]


def _answered(new: Sequence[Message], awaited: Sequence[str]) -> Iterator[Message]:
    """Yield messages with tool results tied to their calls; a result without a call is told by the user."""
    marks = iter(awaited)
    for message in new:
        mark = next(marks, None) if message["role"] == "tool" else None
        if message["role"] != "tool":
            yield message
        elif mark is None:
            yield {"role": "user", "content": message["content"]}
        else:
            yield {"role": "tool", "tool_call_id": mark, "content": message["content"]}


def _call(mark: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return {"id": mark, "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
