"""What did the endpoint answer? A reply with its tokens, or what is wrong, and whether to ask again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from syllogym.agents.tokens import Tokens
from syllogym.envs import Fault
from syllogym.errors import UserError

_TEMPORARY = {408, 409, 425, 429}
_FINISH = {"stop": "stop", "tool_calls": "stop", "function_call": "stop", "length": "length"}
_OVERFLOW = ("context_length", "exceed_context_size", "maximum context", "context length", "context size")


@dataclass(frozen=True)
class Answer:
    """A reply.

    Attributes:
        text: what was said, tool calls written out as environments read them.
        finish: ``stop``, ``length`` or ``""`` when the server does not tell.
        tokens: as the server counts them; None when it does not.
    """

    text: str
    finish: str
    tokens: Tokens | None


class Temporary(Exception):
    """A failure that may be over at the next attempt; `wait` is how long the server asks to wait, in seconds."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


def read(status: int, headers: Mapping[str, str], text: str) -> Answer:
    """Read an HTTP response of ``/chat/completions``.

    Raises:
        Temporary: ask again. Fault: this request can never be answered. UserError: no request can.
    """
    if status != 200:
        raise _refusal(status, headers, text)
    try:
        data = json.loads(text)
        choice = data["choices"][0]
        finish, message = choice.get("finish_reason"), choice["message"]
        said = (message.get("content") or "") + "".join(map(_call, message.get("tool_calls") or ()))
        answer = Answer(said, _FINISH.get(finish, ""), _tokens(data.get("usage")))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise Temporary(f"its answer is not a chat completion in JSON: {_short(text)}") from error
    if finish == "content_filter":
        raise Fault("The endpoint's content filter withheld the reply.")
    return answer


def _call(call: Mapping[str, Any]) -> str:
    function = call["function"]
    arguments = json.loads(function.get("arguments") or "{}")
    return f"<tool_call>{json.dumps({'name': function['name'], 'arguments': arguments})}</tool_call>"


def _tokens(usage: Mapping[str, Any] | None) -> Tokens | None:
    if not usage:
        return None
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    return Tokens(int(usage["prompt_tokens"]), int(usage.get("completion_tokens") or 0), int(cached))


def _refusal(status: int, headers: Mapping[str, str], text: str) -> Exception:
    detail, marks = _detail(text)
    if status in (401, 403):
        return UserError(f"api_key_env: the endpoint refuses the key ({status}: {detail}).")
    if "insufficient_quota" in marks:
        return UserError(f"The endpoint's account has no credit left ({status}: {detail}).")
    if status in _TEMPORARY or status >= 500:
        return Temporary(f"it answers {status}: {detail}", _retry_after(headers))
    if status == 404:
        return UserError(f"The endpoint answers 404: {detail}. base_url usually ends in /v1.")
    if any(word in marks for word in _OVERFLOW):
        return Fault(f"The conversation is longer than the endpoint's context ({status}: {detail}); nothing was cut.")
    return Fault(f"The endpoint refuses the request ({status}: {detail}).")


def _detail(text: str) -> tuple[str, str]:
    """Return what the server says of an error, with its numbers; and all of it in small letters."""
    try:
        data = json.loads(text)
        error = data.get("error", data)
        message = error if isinstance(error, str) else error.get("message") or error.get("detail") or text
        numbers = {key: error[key] for key in ("n_prompt_tokens", "n_ctx") if key in error}  # llama.cpp's
    except (ValueError, AttributeError, TypeError):
        return _short(text), text.lower()
    counted = ", ".join(f"{key} {value}" for key, value in numbers.items())
    return _short(f"{message}{f' ({counted})' if counted else ''}"), text.lower()


def _short(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return (flat if len(flat) <= 300 else flat[:300] + " ...") or "nothing"


def _retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds of Retry-After, which is a number or a date; 0 without one."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
