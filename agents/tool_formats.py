"""In which form did a policy write its tool calls? Each family of models has its own, and none is ever executed.

A reader is given the reply with its special tokens, for in some forms these mark the call, and the tools on offer, for
in some forms a call alone does not tell text from numbers. It returns the calls, in order; one that cannot be read
carries an error, which the environment tells the agent. A reply without a call gives none.
"""

# ruff: noqa: RUF001, RUF002 - the tokens of DeepSeek

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from syllogym.envs import ToolCall
from syllogym.envs.tools import call_of, spoken, tagged_calls, unreadable

Tools: TypeAlias = Mapping[str, Mapping[str, Any]]
"""The parameters of every tool on offer, by its name: ``{"price": {"item": {"type": "string"}}}``."""

LONGEST = 16_384
"""Characters that calls written in Python may have."""

_PYTHONIC = 'Python like [price(item="tea", count=2)], with plain values'
_TOOL_CODE = re.compile(r"```tool_code\s*\n(.*?)(?:```|\Z)", re.DOTALL)
_DEEPSEEK = re.compile("<｜tool▁call▁begin｜>(.*?)(?:<｜tool▁call▁end｜>|\\Z)", re.DOTALL)
_FUNCTION = re.compile(r"<function=([^<>\n]*)>(.*?)(?:</function>|\Z)", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([^<>\n]*)>\n?(.*?)\n?(?:</parameter>|(?=<parameter=)|\Z)", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}


def read_calls(text: str, form: str, tools: Tools) -> list[ToolCall]:
    """Return the calls that a reply makes outside of its thoughts, in one of the `FORMATS`."""
    return FORMATS[form](spoken(text), tools)


def format_of(template: str | None) -> str:
    """Return the form that a chat template teaches, ``hermes`` where it teaches none."""
    return next((form for mark, form in _MARKS if mark in (template or "")), "hermes")


def parameters_of(schemas: Sequence[Mapping[str, Any]]) -> Tools:
    """Return the parameters of tools by name, from their JSON schemas."""
    functions = (schema["function"] for schema in schemas)
    return {one["name"]: one.get("parameters", {}).get("properties", {}) for one in functions}


def _hermes(text: str, tools: Tools) -> list[ToolCall]:
    return tagged_calls(text)


def _llama_json(text: str, tools: Tools) -> list[ToolCall]:
    """``{"name": "f", "parameters": {}}``, several with ``;`` between, or ``<|python_tag|>f.call(a=1)``."""
    _, mark, body = text.strip().rpartition("<|python_tag|>")
    if mark and not body.lstrip().startswith("{"):
        return _python(body.replace(".call(", "(", 1), tools)
    if not body.startswith("{") and not mark:
        return []
    found, rest = _objects(body)
    calls = [call_of({"name": one.get("function"), **one}) if isinstance(one, dict) else unreadable() for one in found]
    if rest.startswith("{"):
        calls.append(unreadable())
    looks = mark or any(not call.error for call in calls) or '"parameters"' in body
    return calls if looks else []  # else an answer that happens to be in JSON


def _mistral(text: str, tools: Tools) -> list[ToolCall]:
    """``[TOOL_CALLS][{"name": "f", "arguments": {}}]``, or ``[TOOL_CALLS]f[ARGS]{}`` for each call."""
    calls: list[ToolCall] = []
    for part in text.split("[TOOL_CALLS]")[1:]:
        head, brace, rest = part.partition("{")
        name = head.partition("[")[0].strip()
        calls += [_named(name, brace + rest)] if name else _json_list(part)
    return calls


def _functools(text: str, tools: Tools) -> list[ToolCall]:
    """``functools[{"name": "f", "arguments": {}}]``."""
    _, marked, body = text.partition("functools[")
    return _json_list(f"[{body}") if marked else []


def _deepseek(text: str, tools: Tools) -> list[ToolCall]:
    """``f<｜tool▁sep｜>{}``, earlier ``function<｜tool▁sep｜>f`` with the JSON fenced below, between call tokens."""
    calls = []
    for body in _DEEPSEEK.findall(text):
        name, _, given = body.partition("<｜tool▁sep｜>")
        if name.strip() == "function":
            name, _, given = given.partition("\n")
        calls.append(_named(name.strip(), given.strip().removeprefix("```json")))
    return calls


def _pythonic(text: str, tools: Tools) -> list[ToolCall]:
    """``[f(a=1), g(b="x")]`` as the whole reply, perhaps between ``<|python_start|>`` and ``<|python_end|>``."""
    body = text.replace("<|python_start|>", "").replace("<|python_end|>", "").strip()
    return _python(body, tools) if re.match(r"\[\s*[A-Za-z_][\w.]*\(", body) else []


def _tool_code(text: str, tools: Tools) -> list[ToolCall]:
    """Calls in a Markdown block of the language ``tool_code``, one a line."""
    return [call for body in _TOOL_CODE.findall(text) for call in _python(body, tools)]


def _xml(text: str, tools: Tools) -> list[ToolCall]:
    """``<function=f><parameter=a>1</parameter></function>``; the tool's schema says what is a number."""
    calls = []
    for name, body in _FUNCTION.findall(text):
        types = {key: rule.get("type") for key, rule in tools.get(name.strip(), {}).items()}
        given = {key.strip(): _typed(value, types.get(key.strip())) for key, value in _PARAMETER.findall(body)}
        calls.append(ToolCall(name.strip(), given))
    return calls


Reader: TypeAlias = Callable[[str, Tools], list[ToolCall]]

FORMATS: Mapping[str, Reader] = {
    "hermes": _hermes,
    "llama": _llama_json,
    "mistral": _mistral,
    "pythonic": _pythonic,
    "deepseek": _deepseek,
    "tool_code": _tool_code,
    "functools": _functools,
    "xml": _xml,
}
"""Every form by its name, with its reader."""

_MARKS = (
    ("<function=", "xml"),
    ("<｜tool▁call▁begin｜>", "deepseek"),
    ("[TOOL_CALLS]", "mistral"),
    ("tool_code", "tool_code"),
    ("functools[", "functools"),
    ("<tool_call>", "hermes"),
    ("<|python_start|>", "pythonic"),
    ("[func_name1(", "pythonic"),
    ("<|python_tag|>", "llama"),
    ('"parameters": dictionary', "llama"),
)
"""What gives a form away in a chat template; the first that is found counts."""


def _objects(text: str) -> tuple[list[Any], str]:
    """Return the values in JSON that a text begins with, ``;`` or white space between them, and the rest of it."""
    values, decoder, text = [], json.JSONDecoder(), text.lstrip()
    while text:
        try:
            value, end = decoder.raw_decode(text)
        except (ValueError, RecursionError):
            break
        values.append(value)
        text = text[end:].lstrip("; \t\r\n")
    return values, text


def _named(name: str, arguments: str) -> ToolCall:
    found, _ = _objects(arguments)
    return call_of({"name": name, "arguments": found[0]}) if found else unreadable()


def _json_list(text: str) -> list[ToolCall]:
    found, _ = _objects(text)
    return [call_of(one) for one in found[0]] if found and found[0] and isinstance(found[0], list) else [unreadable()]


def _python(text: str, tools: Tools) -> list[ToolCall]:
    """Read calls from the syntax tree; values are literals, for nothing is evaluated."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in the agent's texts
            tree = ast.parse(text.strip()) if len(text) <= LONGEST else None
        if tree is None:
            return [unreadable(f"{_PYTHONIC}, of at most {LONGEST} characters")]
        lines = [line.value for line in tree.body if isinstance(line, ast.Expr)]
        nodes = [node for line in lines for node in (line.elts if isinstance(line, ast.List) else [line])]
        if not nodes or len(lines) < len(tree.body):
            return [unreadable(_PYTHONIC)]
        return [_python_call(node, tools) for node in nodes]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [unreadable(_PYTHONIC)]


def _python_call(node: ast.expr, tools: Tools) -> ToolCall:
    if not isinstance(node, ast.Call) or any(word.arg is None for word in node.keywords):
        return unreadable(_PYTHONIC)
    name = ast.unparse(node.func) if isinstance(node.func, ast.Name | ast.Attribute) else ""
    places = list(tools.get(name, {}))
    if not name or len(node.args) > len(places):
        return unreadable(f"{_PYTHONIC}, every value with its name")
    given = dict(zip(places, map(_literal, node.args), strict=False))
    return ToolCall(name, given | {str(word.arg): _literal(word.value) for word in node.keywords})


def _literal(node: ast.expr | None) -> Any:
    """Return the value of a literal; `ValueError` for anything else."""
    match node:
        case ast.Constant(value=str() | bool() | int() | float() | None as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_literal(part) for part in parts]
        case ast.Dict(keys=keys, values=values):
            return {str(_literal(key)): _literal(value) for key, value in zip(keys, values, strict=True)}
        case ast.Name(id=word) if word in _WORDS:
            return _WORDS[word]
    raise ValueError(f"{type(node).__name__} is no plain value")


def _typed(text: str, kind: object) -> Any:
    """Return a text as the type that a schema names, or as it is where it does not fit or is text."""
    if kind in (None, "string"):
        return text
    try:
        return json.loads(text.strip().lower() if kind == "boolean" else text)
    except (ValueError, RecursionError):
        return text
