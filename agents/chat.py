"""How do chat messages become token ids, and only once?

The tokenizer's chat template is applied to new messages only; what the model sampled stays as it was sampled. To see
what a template writes after a reply, a small conversation is rendered with and without the new messages: where both
begin alike, the text behind the reply is taken. Where they do not, the template rewrites earlier replies, and the whole
conversation has to be told anew.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from jinja2.exceptions import TemplateError

from syllogym.agents.tool_formats import format_of
from syllogym.envs import Message
from syllogym.errors import UserError

_PROBE = "<think>\nprobe\n</think>\n\nprobe"
"""A reply with a thought in it, since many templates of reasoning models drop the thoughts of earlier replies."""

_CALL_ID = "call00000"
"""Nine characters, which Mistral's templates want of every tool result."""


class ChatFormat:
    """Turns messages into the token ids that are appended to a context.

    Args:
        tokenizer: a Hugging Face tokenizer with a chat template; without one, contents are joined by newlines.
        arguments: of the template, beside the messages, such as Qwen3's ``enable_thinking``.
    """

    def __init__(self, tokenizer: Any, arguments: Mapping[str, Any] | None = None) -> None:
        self.tokenizer = tokenizer
        self.arguments = dict(arguments or {})
        self.end_ids: frozenset[int] = frozenset(_end_ids(tokenizer))
        self.call_form = format_of(tokenizer.chat_template)
        # The members of a group are told the same, and many searches have their prompts counted before they are asked.
        # Arrays, since a list of Python's numbers takes nine times as much.
        self._ids = lru_cache(maxsize=4096)(lambda text: array("i", tokenizer.encode(text, add_special_tokens=False)))
        self._opening: list[Message] = [{"role": "user", "content": "?"}, {"role": "assistant", "content": _PROBE}]
        before, _, _ = self._render(self._opening, False, ()).rpartition(_PROBE)
        self._begun = before + _PROBE
        self._hears_tools = self._takes_tool_results()

    def first(self, messages: Sequence[Message], tools: Sequence[dict[str, Any]] = ()) -> list[int]:
        """Return the ids of a context that begins with `messages` and asks for a reply."""
        return self.encode(self._render(messages, True, tools))

    def following(self, messages: Sequence[Message], last_id: int | None) -> list[int] | None:
        """Return the ids that go behind a sampled reply when `messages` follow it and another reply is asked for.

        Args:
            messages: what is new.
            last_id: the last sampled id. If it is an end token, the template's own is not written again.

        Returns:
            None where the template rewrites earlier replies when these messages follow (Qwen3 drops their thoughts).
        """
        whole = self._render([*self._opening, *messages], True, ())
        if not whole.startswith(self._begun):
            return None
        tail = whole.removeprefix(self._begun)
        if last_id in self.end_ids:
            end = self.tokenizer.decode([last_id], skip_special_tokens=False)
            # Llama ends a tool call by <|eom_id|>, where its template writes <|eot_id|> behind any reply.
            tail = tail.removeprefix(end).removeprefix(end.replace("eom", "eot"))
        return self.encode(tail)

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of sampled ids, end tokens left out."""
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True))

    def token_at(self, ids: Sequence[int], end: int) -> int:
        """Return the place of the id with which the text of `ids` has `end` characters; the last if it never has."""

        def characters(at: int) -> int:
            return len(self.text(ids[: at + 1]).rstrip("\ufffd"))  # what half a character is decoded to

        return min(bisect_left(range(len(ids)), end, key=characters), len(ids) - 1)

    def marked(self, ids: Sequence[int]) -> str:
        """Return the text of sampled ids and of the special tokens in it, which may mark tool calls; not of the end."""
        kept = ids[:-1] if ids and ids[-1] in self.end_ids else ids
        return str(self.tokenizer.decode(list(kept), skip_special_tokens=False))

    def reply(self, text: str) -> list[int]:
        """Return the ids of a demonstration: its text and the end token."""
        end = self.tokenizer.eos_token_id
        return [*self.encode(text), *([end] if end is not None else [])]

    def encode(self, text: str) -> list[int]:
        """Return the ids of a text as it stands: no template, no special tokens around it."""
        return list(self._ids(text))

    def _render(self, messages: Sequence[Message], ask: bool, tools: Sequence[dict[str, Any]]) -> str:
        if not self.tokenizer.chat_template:
            return "\n".join(str(message["content"]) for message in messages) + ("\n" if ask else "")
        extra = {"tools": list(tools)} if tools else {}
        try:
            return str(
                self.tokenizer.apply_chat_template(
                    self._told(messages), tokenize=False, add_generation_prompt=ask, **extra, **self.arguments
                )
            )
        except TemplateError as error:
            roles = ", ".join(str(message["role"]) for message in messages)
            raise UserError(f"This model's chat template does not take messages of {roles}: {error}") from error

    def _takes_tool_results(self) -> bool:
        """Try whether the template writes tool messages; some refuse them, others leave them out."""
        self._hears_tools = True
        result: Message = {"role": "tool", "name": "probe", "content": "probed"}
        try:
            return "probed" in self._render([*self._opening, result], True, ())
        except UserError:
            return False

    def _told(self, messages: Sequence[Message]) -> list[Message]:
        """Return the messages as the template takes them: where it knows no tools, the user tells their results."""
        told: list[Message] = []
        for message in messages:
            if message["role"] != "tool":
                told.append(message)
            elif self._hears_tools:
                told.append({"tool_call_id": _CALL_ID, **message})
            elif told and told[-1].get("tells_results"):
                told[-1]["content"] += f"\n{message['content']}"
            else:
                told.append({"role": "user", "content": str(message["content"]), "tells_results": True})
        return told


def _end_ids(tokenizer: Any) -> list[int]:
    ids = [tokenizer.eos_token_id] if tokenizer.eos_token_id is not None else []
    for token in ("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|eot|>", "<|eom|>", "<end_of_turn>", "<|end|>"):
        found = tokenizer.convert_tokens_to_ids(token)
        if isinstance(found, int) and found >= 0 and found != tokenizer.unk_token_id:
            ids.append(found)
    return ids
